-- Intervals of customer_spend.
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN TRUE ELSE FALSE END AS "is_current",
  "history"."spend_7d",
  "history"."orders_7d",
  "history"."vip"
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
  OR "history"."next_event" <> "history"."feature_timestamp";
