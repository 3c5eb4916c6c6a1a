-- Events of a query as rows of customer_profile, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_bool') AS boolean) AS "a_bool",
  MAX(CAST("event"."value" AS integer)) FILTER (WHERE "event"."attribute" = 'an_int32') AS "an_int32",
  MAX(CAST("event"."value" AS bigint)) FILTER (WHERE "event"."attribute" = 'an_int64') AS "an_int64",
  MAX(CAST("event"."value" AS real)) FILTER (WHERE "event"."attribute" = 'a_float32') AS "a_float32",
  MAX(CAST("event"."value" AS double precision)) FILTER (WHERE "event"."attribute" = 'a_float64') AS "a_float64",
  MAX(CAST("event"."value" AS numeric(28,10))) FILTER (WHERE "event"."attribute" = 'a_decimal') AS "a_decimal",
  MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_string') AS "a_string",
  decode(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'some_bytes'), 'hex') AS "some_bytes",
  MAX(CAST("event"."value" AS date)) FILTER (WHERE "event"."attribute" = 'a_date') AS "a_date",
  MAX((CAST("event"."value" AS timestamp) AT TIME ZONE 'UTC')) FILTER (WHERE "event"."attribute" = 'a_timestamp') AS "a_timestamp",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_guid') AS uuid) AS "a_guid",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_json') AS jsonb) AS "a_json",
  CAST(translate(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_vector'), '[]', '{}') AS real[]) AS "a_vector",
  CAST(translate(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'three_floats'), '[]', '{}') AS real[]) AS "three_floats"
FROM (
SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE
) AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
