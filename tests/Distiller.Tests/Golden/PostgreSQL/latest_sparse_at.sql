-- Latest of customer_habits, max age judged at 2026-03-02 08:30:00.123456 UTC.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  CASE WHEN "latest"."orders_7d__at" + INTERVAL '604800 seconds' >= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN "latest"."orders_7d" END AS "orders_7d",
  CASE WHEN "latest"."vip__at" + INTERVAL '604800 seconds' >= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN "latest"."vip" END AS "vip"
FROM "customer_habits_latest" AS "latest"
WHERE NOT ("latest"."deleted");
