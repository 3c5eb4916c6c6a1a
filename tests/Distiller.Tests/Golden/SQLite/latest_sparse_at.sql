-- Latest of customer_habits, max age judged at 2026-03-02 08:30:00.123456 UTC.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  CASE WHEN ((unixepoch(substr("latest"."orders_7d__at", 1, 19)) * 1000000 + CAST(substr("latest"."orders_7d__at", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr('2026-03-02 08:30:00.123456', 1, 19)) * 1000000 + CAST(substr('2026-03-02 08:30:00.123456', 21, 6) AS INTEGER)) THEN "latest"."orders_7d" END AS "orders_7d",
  CASE WHEN ((unixepoch(substr("latest"."vip__at", 1, 19)) * 1000000 + CAST(substr("latest"."vip__at", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr('2026-03-02 08:30:00.123456', 1, 19)) * 1000000 + CAST(substr('2026-03-02 08:30:00.123456', 21, 6) AS INTEGER)) THEN "latest"."vip" END AS "vip"
FROM "customer_habits_latest" AS "latest"
WHERE NOT ("latest"."deleted");
