-- Events of incoming_events as rows of readings, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  MAX(CASE WHEN "event"."attribute" = 'heat' THEN CAST("event"."value" AS DOUBLE) END) AS "heat",
  MAX(CASE WHEN "event"."attribute" = 'steps' THEN CAST("event"."value" AS INTEGER) END) AS "steps",
  CAST(MAX(CASE WHEN "event"."attribute" = 'awake' THEN "event"."value" END) AS BOOLEAN) AS "awake"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
