-- Events of a query as rows of measures, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  MAX("event"."reading") FILTER (WHERE "event"."sensor" = 'heat') AS "heat",
  MAX("event"."reading") FILTER (WHERE "event"."sensor" = 'light') AS "light"
FROM (
SELECT customer_id, 'heat' AS sensor, 1.5 AS reading, feature_timestamp FROM incoming_events
) AS "event"
WHERE "event"."sensor" IN ('heat', 'light')
GROUP BY "event"."customer_id", "event"."feature_timestamp";
