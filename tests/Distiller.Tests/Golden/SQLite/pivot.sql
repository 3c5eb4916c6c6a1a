-- Events of incoming_events as rows of readings, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  MAX(CASE "event"."value" COLLATE NOCASE WHEN 'inf' THEN 9e999 WHEN 'infinity' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN '-infinity' THEN -9e999 ELSE CAST("event"."value" AS REAL) END) FILTER (WHERE "event"."attribute" = 'heat') AS "heat",
  MAX(CAST("event"."value" AS INTEGER)) FILTER (WHERE "event"."attribute" = 'steps') AS "steps",
  CASE MAX("event"."value") FILTER (WHERE "event"."attribute" = 'awake') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS "awake"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
