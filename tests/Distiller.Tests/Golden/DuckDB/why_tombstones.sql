-- Why customer_member of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, max age 7.00:00:00.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."vip",
    "history"."deleted",
    CASE WHEN "history"."feature_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant' ELSE 'candidate' END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_member_history" AS "history"
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
  "placed"."vip",
  "placed"."deleted",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    WHEN "placed"."deleted" THEN 'deleted'
    WHEN (epoch_us("placed"."feature_timestamp") + 604800000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN 'winner'
    ELSE 'expired'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
