-- Intervals of customer_spend, those that follow each other with equal features as one.

-- drop the view shop.spend_ranges where it exists
DROP VIEW IF EXISTS "shop"."spend_ranges";

-- create the view shop.spend_ranges
CREATE VIEW "shop"."spend_ranges" AS
SELECT
  "winners"."customer_id",
  "winners"."feature_timestamp" AS "valid_from",
  LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."customer_id" ORDER BY "winners"."feature_timestamp") AS "valid_to",
  CASE WHEN LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."customer_id" ORDER BY "winners"."feature_timestamp") IS NULL THEN 1 ELSE 0 END AS "is_current",
  "winners"."spend_7d",
  "winners"."orders_7d",
  "winners"."vip"
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    CASE WHEN LAG(1) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") = 1 AND "history"."spend_7d" IS NOT DISTINCT FROM LAG("history"."spend_7d") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") AND "history"."orders_7d" IS NOT DISTINCT FROM LAG("history"."orders_7d") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") AND "history"."vip" IS NOT DISTINCT FROM LAG("history"."vip") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") THEN 0 ELSE 1 END AS "changes"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."feature_timestamp",
      "history"."spend_7d",
      "history"."orders_7d",
      "history"."vip",
      LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event"
    FROM "customer_spend_history" AS "history"
  ) AS "history"
  WHERE "history"."next_event" IS NULL
    OR "history"."next_event" <> "history"."feature_timestamp"
) AS "winners"
WHERE "winners"."changes" = 1;
