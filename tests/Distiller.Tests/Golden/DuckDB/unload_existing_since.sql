-- Unload of tier_log.
-- Note: the latest of 'tier_log' carries no published_timestamp, so it is unloaded whole.
SELECT
  "latest"."customer_id",
  "latest"."valid_from",
  "latest"."known_at",
  "latest"."tier",
  "latest"."points"
FROM "tier_now" AS "latest";
