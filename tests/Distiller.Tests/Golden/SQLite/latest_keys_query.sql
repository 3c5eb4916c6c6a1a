-- Latest of customer_spend.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."spend_7d",
  "latest"."orders_7d",
  "latest"."vip"
FROM "customer_spend_latest" AS "latest"
WHERE EXISTS (
  SELECT
    1
  FROM (
  SELECT referrer_id AS customer_id FROM orders
  ) AS "keys"
  WHERE "keys"."customer_id" = "latest"."customer_id"
);
