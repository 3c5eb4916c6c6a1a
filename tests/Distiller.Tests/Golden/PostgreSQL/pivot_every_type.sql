-- Events of a query as rows of customer_profile, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_bool' THEN "event"."value" END) AS boolean) AS "a_bool",
  MAX(CASE WHEN "event"."attribute" = 'an_int32' THEN CAST("event"."value" AS integer) END) AS "an_int32",
  MAX(CASE WHEN "event"."attribute" = 'an_int64' THEN CAST("event"."value" AS bigint) END) AS "an_int64",
  MAX(CASE WHEN "event"."attribute" = 'a_float32' THEN CAST("event"."value" AS real) END) AS "a_float32",
  MAX(CASE WHEN "event"."attribute" = 'a_float64' THEN CAST("event"."value" AS double precision) END) AS "a_float64",
  MAX(CASE WHEN "event"."attribute" = 'a_decimal' THEN CAST("event"."value" AS numeric(28,10)) END) AS "a_decimal",
  MAX(CASE WHEN "event"."attribute" = 'a_string' THEN "event"."value" END) AS "a_string",
  decode(MAX(CASE WHEN "event"."attribute" = 'some_bytes' THEN "event"."value" END), 'hex') AS "some_bytes",
  MAX(CASE WHEN "event"."attribute" = 'a_date' THEN CAST("event"."value" AS date) END) AS "a_date",
  MAX(CASE WHEN "event"."attribute" = 'a_timestamp' THEN (CAST("event"."value" AS timestamp) AT TIME ZONE 'UTC') END) AS "a_timestamp",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_guid' THEN "event"."value" END) AS uuid) AS "a_guid",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_json' THEN "event"."value" END) AS jsonb) AS "a_json",
  CAST(translate(MAX(CASE WHEN "event"."attribute" = 'a_vector' THEN "event"."value" END), '[]', '{}') AS real[]) AS "a_vector",
  CAST(translate(MAX(CASE WHEN "event"."attribute" = 'three_floats' THEN "event"."value" END), '[]', '{}') AS real[]) AS "three_floats"
FROM (
SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE
) AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
