-- Events of incoming_events as rows of customer_leaver, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CASE MAX("event"."value") FILTER (WHERE "event"."attribute" = 'vip') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS "vip",
  MAX(CAST("event"."value" AS INTEGER)) FILTER (WHERE "event"."attribute" = 'points') AS "points",
  CASE WHEN SUM(CASE WHEN "event"."attribute" = 'deleted' THEN 1 ELSE 0 END) > 0 THEN 1 ELSE 0 END AS "deleted"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
