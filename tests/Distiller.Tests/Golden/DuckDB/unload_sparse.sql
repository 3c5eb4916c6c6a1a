-- Unload of customer_habits.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."orders_7d",
  "latest"."vip",
  "latest"."deleted",
  "latest"."orders_7d__at",
  "latest"."vip__at",
  "latest"."published_timestamp"
FROM "customer_habits_latest" AS "latest"
WHERE "latest"."published_timestamp" >= TIMESTAMPTZ '2026-03-02 08:20:00.123456+00';
