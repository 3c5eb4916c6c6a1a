-- why customer_balance
-- p1 timestamp: 2026-03-02 08:30:00.123456
-- p2 int64: 10
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."balance",
    "history"."segment",
    CASE WHEN "history"."feature_timestamp" > @p1 THEN 'after the instant' ELSE 'candidate' END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" = @p2
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
    WHEN "placed"."feature_timestamp" + INTERVAL '2592000 seconds' >= @p1 THEN 'winner'
    ELSE 'expired'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
