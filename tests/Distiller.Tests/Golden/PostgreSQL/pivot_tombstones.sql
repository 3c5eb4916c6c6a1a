-- Events of incoming_events as rows of customer_leaver, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'vip') AS boolean) AS "vip",
  MAX(CAST("event"."value" AS integer)) FILTER (WHERE "event"."attribute" = 'points') AS "points",
  CASE WHEN SUM(CASE WHEN "event"."attribute" = 'deleted' THEN 1 ELSE 0 END) > 0 THEN TRUE ELSE FALSE END AS "deleted"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
