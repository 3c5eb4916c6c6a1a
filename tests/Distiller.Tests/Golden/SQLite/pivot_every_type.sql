-- Events of a query as rows of customer_profile, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CASE MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_bool') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS "a_bool",
  MAX(CAST("event"."value" AS INTEGER)) FILTER (WHERE "event"."attribute" = 'an_int32') AS "an_int32",
  MAX(CAST("event"."value" AS INTEGER)) FILTER (WHERE "event"."attribute" = 'an_int64') AS "an_int64",
  MAX(CASE "event"."value" COLLATE NOCASE WHEN 'inf' THEN 9e999 WHEN 'infinity' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN '-infinity' THEN -9e999 ELSE CAST("event"."value" AS REAL) END) FILTER (WHERE "event"."attribute" = 'a_float32') AS "a_float32",
  MAX(CASE "event"."value" COLLATE NOCASE WHEN 'inf' THEN 9e999 WHEN 'infinity' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN '-infinity' THEN -9e999 ELSE CAST("event"."value" AS REAL) END) FILTER (WHERE "event"."attribute" = 'a_float64') AS "a_float64",
  MAX(CASE instr("event"."value", '.') WHEN 0 THEN "event"."value" || '.0000000000' ELSE "event"."value" || substr('0000000000', length("event"."value") - instr("event"."value", '.') + 1) END) FILTER (WHERE "event"."attribute" = 'a_decimal') AS "a_decimal",
  MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_string') AS "a_string",
  unhex(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'some_bytes')) AS "some_bytes",
  MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_date') AS "a_date",
  MAX(CASE length("event"."value") WHEN 19 THEN "event"."value" || '.000000' ELSE substr("event"."value" || '000000', 1, 26) END) FILTER (WHERE "event"."attribute" = 'a_timestamp') AS "a_timestamp",
  upper(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_guid')) AS "a_guid",
  MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_json') AS "a_json",
  unhex(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'a_vector')) AS "a_vector",
  unhex(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'three_floats')) AS "three_floats"
FROM (
SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE
) AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
