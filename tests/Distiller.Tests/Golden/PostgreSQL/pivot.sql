-- Events of incoming_events as rows of readings, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  MAX(CAST("event"."value" AS double precision)) FILTER (WHERE "event"."attribute" = 'heat') AS "heat",
  MAX(CAST("event"."value" AS integer)) FILTER (WHERE "event"."attribute" = 'steps') AS "steps",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'awake') AS boolean) AS "awake"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
