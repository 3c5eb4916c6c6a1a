-- unload the latest of customer_spend
-- p1 timestamp: 2026-03-02 08:20:00.123456
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."spend_7d",
  "latest"."orders_7d",
  "latest"."vip",
  "latest"."published_timestamp"
FROM "customer_spend_latest" AS "latest"
WHERE "latest"."published_timestamp" >= @p1;
