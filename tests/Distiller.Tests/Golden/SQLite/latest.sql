-- Latest of customer_spend.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."spend_7d",
  "latest"."orders_7d",
  "latest"."vip"
FROM "customer_spend_latest" AS "latest";
