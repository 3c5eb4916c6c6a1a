-- the latest of customer_balance
-- p1 timestamp: 2026-03-02 08:30:00.123456
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  CASE WHEN (epoch_us("latest"."feature_timestamp") + 2592000000000) >= epoch_us($p1) THEN "latest"."balance" END AS "balance",
  CASE WHEN (epoch_us("latest"."feature_timestamp") + 2592000000000) >= epoch_us($p1) THEN "latest"."segment" END AS "segment"
FROM "customer_balance_latest" AS "latest";
