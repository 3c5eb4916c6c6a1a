-- Unload of customer_spend.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."spend_7d",
  "latest"."orders_7d",
  "latest"."vip",
  "latest"."published_timestamp"
FROM "customer_spend_latest" AS "latest";
