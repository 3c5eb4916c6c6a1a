-- Latest of customer_balance, max age judged at 2026-03-02 08:30:00.123456 UTC.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  CASE WHEN ((unixepoch(substr("latest"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("latest"."feature_timestamp", 21, 6) AS INTEGER)) + 2592000000000) >= (unixepoch(substr('2026-03-02 08:30:00.123456', 1, 19)) * 1000000 + CAST(substr('2026-03-02 08:30:00.123456', 21, 6) AS INTEGER)) THEN "latest"."balance" END AS "balance",
  CASE WHEN ((unixepoch(substr("latest"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("latest"."feature_timestamp", 21, 6) AS INTEGER)) + 2592000000000) >= (unixepoch(substr('2026-03-02 08:30:00.123456', 1, 19)) * 1000000 + CAST(substr('2026-03-02 08:30:00.123456', 21, 6) AS INTEGER)) THEN "latest"."segment" END AS "segment"
FROM "customer_balance_latest" AS "latest";
