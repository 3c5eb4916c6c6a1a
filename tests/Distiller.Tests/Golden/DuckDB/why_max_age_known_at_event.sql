-- Why customer_balance of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, known at the instant, max age 30.00:00:00.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."balance",
    "history"."segment",
    CASE
      WHEN "history"."feature_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant'
      WHEN "history"."created_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'not yet known'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" = 10
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "place"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."balance",
  "placed"."segment",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    WHEN (epoch_us("placed"."feature_timestamp") + 2592000000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN 'winner'
    ELSE 'expired'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 2)
    AND "placed"."position" <= ("winner"."place" + 2)
ORDER BY "placed"."position";
