-- Events of a query as rows of customer_profile, each with an event for every feature.
-- Note: events of other attributes take no part, and values are taken to fit; a store refuses what does not first.
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CASE MAX(CASE WHEN "event"."attribute" = 'a_bool' THEN "event"."value" END) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS "a_bool",
  MAX(CASE WHEN "event"."attribute" = 'an_int32' THEN CAST("event"."value" AS INTEGER) END) AS "an_int32",
  MAX(CASE WHEN "event"."attribute" = 'an_int64' THEN CAST("event"."value" AS INTEGER) END) AS "an_int64",
  MAX(CASE WHEN "event"."attribute" = 'a_float32' THEN CASE WHEN "event"."value" LIKE 'inf%' THEN 9e999 WHEN "event"."value" LIKE '-inf%' THEN -9e999 ELSE CAST("event"."value" AS REAL) END END) AS "a_float32",
  MAX(CASE WHEN "event"."attribute" = 'a_float64' THEN CASE WHEN "event"."value" LIKE 'inf%' THEN 9e999 WHEN "event"."value" LIKE '-inf%' THEN -9e999 ELSE CAST("event"."value" AS REAL) END END) AS "a_float64",
  MAX(CASE WHEN "event"."attribute" = 'a_decimal' THEN CASE instr("event"."value", '.') WHEN 0 THEN "event"."value" || '.0000000000' ELSE "event"."value" || substr('0000000000', length("event"."value") - instr("event"."value", '.') + 1) END END) AS "a_decimal",
  MAX(CASE WHEN "event"."attribute" = 'a_string' THEN "event"."value" END) AS "a_string",
  unhex(MAX(CASE WHEN "event"."attribute" = 'some_bytes' THEN "event"."value" END)) AS "some_bytes",
  MAX(CASE WHEN "event"."attribute" = 'a_date' THEN "event"."value" END) AS "a_date",
  MAX(CASE WHEN "event"."attribute" = 'a_timestamp' THEN CASE length("event"."value") WHEN 19 THEN "event"."value" || '.000000' ELSE substr("event"."value" || '000000', 1, 26) END END) AS "a_timestamp",
  upper(MAX(CASE WHEN "event"."attribute" = 'a_guid' THEN "event"."value" END)) AS "a_guid",
  MAX(CASE WHEN "event"."attribute" = 'a_json' THEN "event"."value" END) AS "a_json",
  unhex(MAX(CASE WHEN "event"."attribute" = 'a_vector' THEN "event"."value" END)) AS "a_vector",
  unhex(MAX(CASE WHEN "event"."attribute" = 'three_floats' THEN "event"."value" END)) AS "three_floats"
FROM (
SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE
) AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp";
