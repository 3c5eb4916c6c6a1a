-- Latest of tier_log.
SELECT
  "latest"."customer_id",
  "latest"."valid_from",
  "latest"."known_at",
  "latest"."tier",
  "latest"."points"
FROM "tier_now" AS "latest";
