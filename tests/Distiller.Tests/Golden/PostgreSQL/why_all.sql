-- Why customer_spend of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    CASE WHEN "history"."feature_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant' ELSE 'candidate' END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" = CAST('10' AS bigint)
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."spend_7d",
  "placed"."orders_7d",
  "placed"."vip",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    ELSE 'winner'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON TRUE
ORDER BY "placed"."position";
