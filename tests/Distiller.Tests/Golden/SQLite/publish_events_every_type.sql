-- Events of a query as rows of customer_profile, each with an event for every feature.
-- Publish a query to customer_profile_history and customer_profile_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_profile' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the events
CREATE TEMP TABLE "events_customer_profile" AS
SELECT
  ROW_NUMBER() OVER () AS "event_row",
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  "event"."attribute",
  "event"."value"
FROM (
SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE
) AS "event";

-- refuse events of customer_profile that lack something, name no feature, or have a value that does not fit
SELECT
  "event"."event_row",
  CASE
    WHEN "event"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN "event"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "event"."attribute" IS NULL THEN 'column ''attribute'' is NULL'
    WHEN "event"."attribute" = 'a_bool' AND "event"."value" IS NOT NULL AND "event"."value" NOT IN ('true', 'false') THEN 'the value does not fit bool: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'an_int32' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value" OR CAST("event"."value" AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647) THEN 'the value does not fit int32: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'an_int64' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value") THEN 'the value does not fit int64: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_float32' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 3.4028235677973366e38 END THEN 'the value does not fit float32: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_float64' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 1.7976931348623157e308 END THEN 'the value does not fit float64: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_decimal' AND "event"."value" IS NOT NULL AND CASE WHEN "event"."value" = '' OR NOT json_valid("event"."value") THEN TRUE WHEN "event"."value" GLOB '*[^-.0-9]*' THEN TRUE ELSE instr(ltrim("event"."value", '-') || '.', '.') - 1 > 18 OR length("event"."value") - instr("event"."value" || '.', '.') > 10 END THEN 'the value does not fit decimal(28,10): ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'some_bytes' AND "event"."value" IS NOT NULL AND unhex("event"."value") IS NULL THEN 'the value does not fit bytes: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_date' AND "event"."value" IS NOT NULL AND date("event"."value") IS NOT "event"."value" THEN 'the value does not fit date: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_timestamp' AND "event"."value" IS NOT NULL AND (strftime('%Y-%m-%d %H:%M:%S', substr("event"."value", 1, 19)) IS NOT substr("event"."value", 1, 19) OR substr("event"."value", 12, 2) > '23' OR length("event"."value") = 20 OR length("event"."value") > 26 OR substr("event"."value", 20) GLOB '[^.]*' OR substr("event"."value", 21) GLOB '*[^0-9]*') THEN 'the value does not fit timestamp: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_guid' AND "event"."value" IS NOT NULL AND upper("event"."value") NOT GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]' THEN 'the value does not fit guid: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_json' AND "event"."value" IS NOT NULL AND NOT json_valid("event"."value") THEN 'the value does not fit json: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'a_vector' AND "event"."value" IS NOT NULL AND (unhex("event"."value") IS NULL OR length("event"."value") % 8 <> 0) THEN 'the value does not fit float vector: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'three_floats' AND "event"."value" IS NOT NULL AND (unhex("event"."value") IS NULL OR length("event"."value") <> 24) THEN 'the value does not fit float vector[3]: ' || CAST("event"."value" AS text)
    WHEN NOT ("event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')) THEN 'no feature has the attribute''s name; there are a_bool, an_int32, an_int64, a_float32, a_float64, a_decimal, a_string, some_bytes, a_date, a_timestamp, a_guid, a_json, a_vector, three_floats (IgnoringOthers() leaves such events out)'
  END AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  "event"."feature_timestamp" AS "feature_timestamp",
  "event"."created_timestamp" AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM temp."events_customer_profile" AS "event"
WHERE "event"."customer_id" IS NULL
  OR "event"."feature_timestamp" IS NULL
  OR "event"."attribute" IS NULL
  OR ("event"."attribute" = 'a_bool' AND "event"."value" IS NOT NULL AND "event"."value" NOT IN ('true', 'false'))
  OR ("event"."attribute" = 'an_int32' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value" OR CAST("event"."value" AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647))
  OR ("event"."attribute" = 'an_int64' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value"))
  OR ("event"."attribute" = 'a_float32' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 3.4028235677973366e38 END)
  OR ("event"."attribute" = 'a_float64' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 1.7976931348623157e308 END)
  OR ("event"."attribute" = 'a_decimal' AND "event"."value" IS NOT NULL AND CASE WHEN "event"."value" = '' OR NOT json_valid("event"."value") THEN TRUE WHEN "event"."value" GLOB '*[^-.0-9]*' THEN TRUE ELSE instr(ltrim("event"."value", '-') || '.', '.') - 1 > 18 OR length("event"."value") - instr("event"."value" || '.', '.') > 10 END)
  OR ("event"."attribute" = 'some_bytes' AND "event"."value" IS NOT NULL AND unhex("event"."value") IS NULL)
  OR ("event"."attribute" = 'a_date' AND "event"."value" IS NOT NULL AND date("event"."value") IS NOT "event"."value")
  OR ("event"."attribute" = 'a_timestamp' AND "event"."value" IS NOT NULL AND (strftime('%Y-%m-%d %H:%M:%S', substr("event"."value", 1, 19)) IS NOT substr("event"."value", 1, 19) OR substr("event"."value", 12, 2) > '23' OR length("event"."value") = 20 OR length("event"."value") > 26 OR substr("event"."value", 20) GLOB '[^.]*' OR substr("event"."value", 21) GLOB '*[^0-9]*'))
  OR ("event"."attribute" = 'a_guid' AND "event"."value" IS NOT NULL AND upper("event"."value") NOT GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]')
  OR ("event"."attribute" = 'a_json' AND "event"."value" IS NOT NULL AND NOT json_valid("event"."value"))
  OR ("event"."attribute" = 'a_vector' AND "event"."value" IS NOT NULL AND (unhex("event"."value") IS NULL OR length("event"."value") % 8 <> 0))
  OR ("event"."attribute" = 'three_floats' AND "event"."value" IS NOT NULL AND (unhex("event"."value") IS NULL OR length("event"."value") <> 24))
  OR NOT ("event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats'))
LIMIT 1;

-- refuse two different values for one fact of customer_profile
SELECT
  MAX("event"."event_row") AS "event_row",
  'two events tell different values of one fact' AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  "event"."feature_timestamp" AS "feature_timestamp",
  "event"."created_timestamp" AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM temp."events_customer_profile" AS "event"
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp", "event"."attribute"
HAVING MIN("event"."value") <> MAX("event"."value")
  OR (COUNT("event"."value") > 0 AND COUNT("event"."value") < COUNT(*))
LIMIT 1;

-- refuse a row of customer_profile without an event for every feature
SELECT
  CAST(NULL AS INTEGER) AS "event_row",
  ('there is no event for ' || CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_bool' THEN 1 ELSE 0 END) = 0 THEN 'a_bool' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'an_int32' THEN 1 ELSE 0 END) = 0 THEN 'an_int32' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'an_int64' THEN 1 ELSE 0 END) = 0 THEN 'an_int64' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_float32' THEN 1 ELSE 0 END) = 0 THEN 'a_float32' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_float64' THEN 1 ELSE 0 END) = 0 THEN 'a_float64' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_decimal' THEN 1 ELSE 0 END) = 0 THEN 'a_decimal' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_string' THEN 1 ELSE 0 END) = 0 THEN 'a_string' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'some_bytes' THEN 1 ELSE 0 END) = 0 THEN 'some_bytes' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_date' THEN 1 ELSE 0 END) = 0 THEN 'a_date' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_timestamp' THEN 1 ELSE 0 END) = 0 THEN 'a_timestamp' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_guid' THEN 1 ELSE 0 END) = 0 THEN 'a_guid' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_json' THEN 1 ELSE 0 END) = 0 THEN 'a_json' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_vector' THEN 1 ELSE 0 END) = 0 THEN 'a_vector' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'three_floats' THEN 1 ELSE 0 END) = 0 THEN 'three_floats' ELSE '' END END END END END END END END END END END END END END) || '; write one for every feature, NULL where it has no value, or pivot Sparse()' AS "problem",
  CAST("facts"."customer_id" AS text) AS "customer_id",
  "facts"."feature_timestamp" AS "feature_timestamp",
  "facts"."created_timestamp" AS "created_timestamp"
FROM (
  SELECT DISTINCT
    "event"."customer_id",
    "event"."feature_timestamp",
    "event"."created_timestamp",
    "event"."attribute"
  FROM temp."events_customer_profile" AS "event"
) AS "facts"
GROUP BY "facts"."customer_id", "facts"."feature_timestamp", "facts"."created_timestamp"
HAVING COUNT(*) < 14
LIMIT 1;

-- stage the source
CREATE TEMP TABLE "stage_customer_profile" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')) AS "created_timestamp",
  "source"."a_bool" AS "a_bool",
  "source"."an_int32" AS "an_int32",
  "source"."an_int64" AS "an_int64",
  "source"."a_float32" AS "a_float32",
  "source"."a_float64" AS "a_float64",
  CASE WHEN typeof("source"."a_decimal") = 'real' AND "source"."a_decimal" = 0 THEN '0' || '.0000000000' WHEN typeof("source"."a_decimal") = 'real' AND CAST(printf('%.10f', "source"."a_decimal") AS REAL) = "source"."a_decimal" THEN printf('%.10f', "source"."a_decimal") WHEN typeof("source"."a_decimal") IN ('real', 'blob', 'null') OR "source"."a_decimal" = '' OR "source"."a_decimal" GLOB '*[^-.0-9]*' THEN "source"."a_decimal" WHEN instr("source"."a_decimal", '.') = 0 THEN "source"."a_decimal" || '.0000000000' WHEN length(rtrim("source"."a_decimal", '0')) - instr("source"."a_decimal", '.') > 10 THEN "source"."a_decimal" ELSE substr(rtrim("source"."a_decimal", '0') || '0000000000', 1, instr("source"."a_decimal", '.') + 10) END AS "a_decimal",
  "source"."a_string" AS "a_string",
  "source"."some_bytes" AS "some_bytes",
  "source"."a_date" AS "a_date",
  "source"."a_timestamp" AS "a_timestamp",
  upper("source"."a_guid") AS "a_guid",
  "source"."a_json" AS "a_json",
  "source"."a_vector" AS "a_vector",
  "source"."three_floats" AS "three_floats"
FROM (
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
FROM temp."events_customer_profile" AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp"
) AS "source";

-- refuse rows of customer_profile without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''feature_timestamp'' does not fit timestamp: ' || CAST("batch"."feature_timestamp" AS text)
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''created_timestamp'' does not fit timestamp: ' || CAST("batch"."created_timestamp" AS text)
    WHEN (typeof("batch"."a_bool") NOT IN ('null', 'integer') OR "batch"."a_bool" NOT IN (0, 1)) THEN 'column ''a_bool'' does not fit bool: ' || CAST("batch"."a_bool" AS text)
    WHEN (typeof("batch"."an_int32") NOT IN ('null', 'integer') OR "batch"."an_int32" NOT BETWEEN -2147483648 AND 2147483647) THEN 'column ''an_int32'' does not fit int32: ' || CAST("batch"."an_int32" AS text)
    WHEN (typeof("batch"."an_int64") NOT IN ('null', 'integer')) THEN 'column ''an_int64'' does not fit int64: ' || CAST("batch"."an_int64" AS text)
    WHEN (typeof("batch"."a_float32") NOT IN ('null', 'real', 'integer') OR abs("batch"."a_float32") > 3.4028234663852886e38 AND abs("batch"."a_float32") < 9e999) THEN 'column ''a_float32'' does not fit float32: ' || CAST("batch"."a_float32" AS text)
    WHEN (typeof("batch"."a_float64") NOT IN ('null', 'real', 'integer')) THEN 'column ''a_float64'' does not fit float64: ' || CAST("batch"."a_float64" AS text)
    WHEN (typeof("batch"."a_decimal") NOT IN ('null', 'text') OR replace(ltrim("batch"."a_decimal", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."a_decimal", '-') GLOB '0[0-9]*' OR instr(substr("batch"."a_decimal", 2), '-') > 0 OR ("batch"."a_decimal" GLOB '-*' AND "batch"."a_decimal" NOT GLOB '*[1-9]*') OR ltrim("batch"."a_decimal", '-') NOT GLOB '[0-9]*.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' OR instr(ltrim("batch"."a_decimal", '-'), '.') NOT BETWEEN 2 AND 19 OR length(ltrim("batch"."a_decimal", '-')) - instr(ltrim("batch"."a_decimal", '-'), '.') <> 10) THEN 'column ''a_decimal'' does not fit decimal(28,10): ' || CAST("batch"."a_decimal" AS text)
    WHEN (typeof("batch"."a_string") NOT IN ('null', 'text')) THEN 'column ''a_string'' does not fit string: ' || CAST("batch"."a_string" AS text)
    WHEN (typeof("batch"."some_bytes") NOT IN ('null', 'blob')) THEN 'column ''some_bytes'' does not fit bytes: ' || CAST("batch"."some_bytes" AS text)
    WHEN (typeof("batch"."a_date") NOT IN ('null', 'text') OR "batch"."a_date" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]') THEN 'column ''a_date'' does not fit date: ' || CAST("batch"."a_date" AS text)
    WHEN (typeof("batch"."a_timestamp") NOT IN ('null', 'text') OR "batch"."a_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''a_timestamp'' does not fit timestamp: ' || CAST("batch"."a_timestamp" AS text)
    WHEN (typeof("batch"."a_guid") NOT IN ('null', 'text') OR "batch"."a_guid" NOT GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]') THEN 'column ''a_guid'' does not fit guid: ' || CAST("batch"."a_guid" AS text)
    WHEN (typeof("batch"."a_json") NOT IN ('null', 'text')) THEN 'column ''a_json'' does not fit json: ' || CAST("batch"."a_json" AS text)
    WHEN (typeof("batch"."a_vector") NOT IN ('null', 'blob')) THEN 'column ''a_vector'' does not fit float vector: ' || CAST("batch"."a_vector" AS text)
    WHEN (typeof("batch"."three_floats") NOT IN ('null', 'blob')) THEN 'column ''three_floats'' does not fit float vector[3]: ' || CAST("batch"."three_floats" AS text)
  END AS "problem"
FROM temp."stage_customer_profile" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."feature_timestamp" IS NULL
  OR (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."created_timestamp" IS NULL
  OR (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."a_bool") NOT IN ('null', 'integer') OR "batch"."a_bool" NOT IN (0, 1))
  OR (typeof("batch"."an_int32") NOT IN ('null', 'integer') OR "batch"."an_int32" NOT BETWEEN -2147483648 AND 2147483647)
  OR (typeof("batch"."an_int64") NOT IN ('null', 'integer'))
  OR (typeof("batch"."a_float32") NOT IN ('null', 'real', 'integer') OR abs("batch"."a_float32") > 3.4028234663852886e38 AND abs("batch"."a_float32") < 9e999)
  OR (typeof("batch"."a_float64") NOT IN ('null', 'real', 'integer'))
  OR (typeof("batch"."a_decimal") NOT IN ('null', 'text') OR replace(ltrim("batch"."a_decimal", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."a_decimal", '-') GLOB '0[0-9]*' OR instr(substr("batch"."a_decimal", 2), '-') > 0 OR ("batch"."a_decimal" GLOB '-*' AND "batch"."a_decimal" NOT GLOB '*[1-9]*') OR ltrim("batch"."a_decimal", '-') NOT GLOB '[0-9]*.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' OR instr(ltrim("batch"."a_decimal", '-'), '.') NOT BETWEEN 2 AND 19 OR length(ltrim("batch"."a_decimal", '-')) - instr(ltrim("batch"."a_decimal", '-'), '.') <> 10)
  OR (typeof("batch"."a_string") NOT IN ('null', 'text'))
  OR (typeof("batch"."some_bytes") NOT IN ('null', 'blob'))
  OR (typeof("batch"."a_date") NOT IN ('null', 'text') OR "batch"."a_date" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
  OR (typeof("batch"."a_timestamp") NOT IN ('null', 'text') OR "batch"."a_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."a_guid") NOT IN ('null', 'text') OR "batch"."a_guid" NOT GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]')
  OR (typeof("batch"."a_json") NOT IN ('null', 'text'))
  OR (typeof("batch"."a_vector") NOT IN ('null', 'blob'))
  OR (typeof("batch"."three_floats") NOT IN ('null', 'blob'))
LIMIT 1;

-- count rows of customer_profile that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_customer_profile" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_profile for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."a_bool" IS DISTINCT FROM "earlier"."a_bool" THEN 'column ''a_bool'''
    WHEN "batch"."an_int32" IS DISTINCT FROM "earlier"."an_int32" THEN 'column ''an_int32'''
    WHEN "batch"."an_int64" IS DISTINCT FROM "earlier"."an_int64" THEN 'column ''an_int64'''
    WHEN "batch"."a_float32" IS DISTINCT FROM "earlier"."a_float32" THEN 'column ''a_float32'''
    WHEN "batch"."a_float64" IS DISTINCT FROM "earlier"."a_float64" THEN 'column ''a_float64'''
    WHEN "batch"."a_decimal" IS DISTINCT FROM "earlier"."a_decimal" THEN 'column ''a_decimal'''
    WHEN "batch"."a_string" IS DISTINCT FROM "earlier"."a_string" THEN 'column ''a_string'''
    WHEN "batch"."some_bytes" IS DISTINCT FROM "earlier"."some_bytes" THEN 'column ''some_bytes'''
    WHEN "batch"."a_date" IS DISTINCT FROM "earlier"."a_date" THEN 'column ''a_date'''
    WHEN "batch"."a_timestamp" IS DISTINCT FROM "earlier"."a_timestamp" THEN 'column ''a_timestamp'''
    WHEN "batch"."a_guid" IS DISTINCT FROM "earlier"."a_guid" THEN 'column ''a_guid'''
    WHEN "batch"."a_json" IS DISTINCT FROM "earlier"."a_json" THEN 'column ''a_json'''
    WHEN "batch"."a_vector" IS DISTINCT FROM "earlier"."a_vector" THEN 'column ''a_vector'''
    WHEN "batch"."three_floats" IS DISTINCT FROM "earlier"."three_floats" THEN 'column ''three_floats'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_customer_profile" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_customer_profile" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp."stage_customer_profile" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."a_bool" IS DISTINCT FROM "earlier"."a_bool"
  OR "batch"."an_int32" IS DISTINCT FROM "earlier"."an_int32"
  OR "batch"."an_int64" IS DISTINCT FROM "earlier"."an_int64"
  OR "batch"."a_float32" IS DISTINCT FROM "earlier"."a_float32"
  OR "batch"."a_float64" IS DISTINCT FROM "earlier"."a_float64"
  OR "batch"."a_decimal" IS DISTINCT FROM "earlier"."a_decimal"
  OR "batch"."a_string" IS DISTINCT FROM "earlier"."a_string"
  OR "batch"."some_bytes" IS DISTINCT FROM "earlier"."some_bytes"
  OR "batch"."a_date" IS DISTINCT FROM "earlier"."a_date"
  OR "batch"."a_timestamp" IS DISTINCT FROM "earlier"."a_timestamp"
  OR "batch"."a_guid" IS DISTINCT FROM "earlier"."a_guid"
  OR "batch"."a_json" IS DISTINCT FROM "earlier"."a_json"
  OR "batch"."a_vector" IS DISTINCT FROM "earlier"."a_vector"
  OR "batch"."three_floats" IS DISTINCT FROM "earlier"."three_floats"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_customer_profile" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "customer_profile_latest" AS "nothing"
WHERE 0 = 1;

-- count rows of customer_profile that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."a_bool" IS DISTINCT FROM "history"."a_bool" OR "batch"."an_int32" IS DISTINCT FROM "history"."an_int32" OR "batch"."an_int64" IS DISTINCT FROM "history"."an_int64" OR "batch"."a_float32" IS DISTINCT FROM "history"."a_float32" OR "batch"."a_float64" IS DISTINCT FROM "history"."a_float64" OR "batch"."a_decimal" IS DISTINCT FROM "history"."a_decimal" OR "batch"."a_string" IS DISTINCT FROM "history"."a_string" OR "batch"."some_bytes" IS DISTINCT FROM "history"."some_bytes" OR "batch"."a_date" IS DISTINCT FROM "history"."a_date" OR "batch"."a_timestamp" IS DISTINCT FROM "history"."a_timestamp" OR "batch"."a_guid" IS DISTINCT FROM "history"."a_guid" OR "batch"."a_json" IS DISTINCT FROM "history"."a_json" OR "batch"."a_vector" IS DISTINCT FROM "history"."a_vector" OR "batch"."three_floats" IS DISTINCT FROM "history"."three_floats" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_customer_profile" AS "batch"
JOIN "customer_profile_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of customer_profile that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."a_bool" IS DISTINCT FROM "history"."a_bool" THEN 'column ''a_bool'''
    WHEN "batch"."an_int32" IS DISTINCT FROM "history"."an_int32" THEN 'column ''an_int32'''
    WHEN "batch"."an_int64" IS DISTINCT FROM "history"."an_int64" THEN 'column ''an_int64'''
    WHEN "batch"."a_float32" IS DISTINCT FROM "history"."a_float32" THEN 'column ''a_float32'''
    WHEN "batch"."a_float64" IS DISTINCT FROM "history"."a_float64" THEN 'column ''a_float64'''
    WHEN "batch"."a_decimal" IS DISTINCT FROM "history"."a_decimal" THEN 'column ''a_decimal'''
    WHEN "batch"."a_string" IS DISTINCT FROM "history"."a_string" THEN 'column ''a_string'''
    WHEN "batch"."some_bytes" IS DISTINCT FROM "history"."some_bytes" THEN 'column ''some_bytes'''
    WHEN "batch"."a_date" IS DISTINCT FROM "history"."a_date" THEN 'column ''a_date'''
    WHEN "batch"."a_timestamp" IS DISTINCT FROM "history"."a_timestamp" THEN 'column ''a_timestamp'''
    WHEN "batch"."a_guid" IS DISTINCT FROM "history"."a_guid" THEN 'column ''a_guid'''
    WHEN "batch"."a_json" IS DISTINCT FROM "history"."a_json" THEN 'column ''a_json'''
    WHEN "batch"."a_vector" IS DISTINCT FROM "history"."a_vector" THEN 'column ''a_vector'''
    WHEN "batch"."three_floats" IS DISTINCT FROM "history"."three_floats" THEN 'column ''three_floats'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM temp."stage_customer_profile" AS "batch"
JOIN "customer_profile_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."a_bool" IS DISTINCT FROM "history"."a_bool"
  OR "batch"."an_int32" IS DISTINCT FROM "history"."an_int32"
  OR "batch"."an_int64" IS DISTINCT FROM "history"."an_int64"
  OR "batch"."a_float32" IS DISTINCT FROM "history"."a_float32"
  OR "batch"."a_float64" IS DISTINCT FROM "history"."a_float64"
  OR "batch"."a_decimal" IS DISTINCT FROM "history"."a_decimal"
  OR "batch"."a_string" IS DISTINCT FROM "history"."a_string"
  OR "batch"."some_bytes" IS DISTINCT FROM "history"."some_bytes"
  OR "batch"."a_date" IS DISTINCT FROM "history"."a_date"
  OR "batch"."a_timestamp" IS DISTINCT FROM "history"."a_timestamp"
  OR "batch"."a_guid" IS DISTINCT FROM "history"."a_guid"
  OR "batch"."a_json" IS DISTINCT FROM "history"."a_json"
  OR "batch"."a_vector" IS DISTINCT FROM "history"."a_vector"
  OR "batch"."three_floats" IS DISTINCT FROM "history"."three_floats"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_customer_profile" AS "batch"
  JOIN "customer_profile_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- the newest row of each key of customer_profile
CREATE TEMP TABLE "stage_customer_profile_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."a_bool",
  "batch"."an_int32",
  "batch"."an_int64",
  "batch"."a_float32",
  "batch"."a_float64",
  "batch"."a_decimal",
  "batch"."a_string",
  "batch"."some_bytes",
  "batch"."a_date",
  "batch"."a_timestamp",
  "batch"."a_guid",
  "batch"."a_json",
  "batch"."a_vector",
  "batch"."three_floats"
FROM temp."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
    FROM temp."stage_customer_profile" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to customer_profile, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_customer_profile" AS "batch"
LEFT JOIN "customer_profile_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_profile that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_customer_profile_newest" AS "newest"
LEFT JOIN "customer_profile_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "customer_profile_history" ("customer_id", "feature_timestamp", "created_timestamp", "a_bool", "an_int32", "an_int64", "a_float32", "a_float64", "a_decimal", "a_string", "some_bytes", "a_date", "a_timestamp", "a_guid", "a_json", "a_vector", "three_floats")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."a_bool",
  "batch"."an_int32",
  "batch"."an_int64",
  "batch"."a_float32",
  "batch"."a_float64",
  "batch"."a_decimal",
  "batch"."a_string",
  "batch"."some_bytes",
  "batch"."a_date",
  "batch"."a_timestamp",
  "batch"."a_guid",
  "batch"."a_json",
  "batch"."a_vector",
  "batch"."three_floats"
FROM temp."stage_customer_profile" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "customer_profile_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "a_bool", "an_int32", "an_int64", "a_float32", "a_float64", "a_decimal", "a_string", "some_bytes", "a_date", "a_timestamp", "a_guid", "a_json", "a_vector", "three_floats", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."a_bool",
  "newest"."an_int32",
  "newest"."an_int64",
  "newest"."a_float32",
  "newest"."a_float64",
  "newest"."a_decimal",
  "newest"."a_string",
  "newest"."some_bytes",
  "newest"."a_date",
  "newest"."a_timestamp",
  "newest"."a_guid",
  "newest"."a_json",
  "newest"."a_vector",
  "newest"."three_floats",
  (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') AS "published_timestamp"
FROM temp."stage_customer_profile_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "a_bool" = "excluded"."a_bool",
  "an_int32" = "excluded"."an_int32",
  "an_int64" = "excluded"."an_int64",
  "a_float32" = "excluded"."a_float32",
  "a_float64" = "excluded"."a_float64",
  "a_decimal" = "excluded"."a_decimal",
  "a_string" = "excluded"."a_string",
  "some_bytes" = "excluded"."some_bytes",
  "a_date" = "excluded"."a_date",
  "a_timestamp" = "excluded"."a_timestamp",
  "a_guid" = "excluded"."a_guid",
  "a_json" = "excluded"."a_json",
  "a_vector" = "excluded"."a_vector",
  "three_floats" = "excluded"."three_floats",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_customer_profile_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_customer_profile";

-- drop the staged events
DROP TABLE IF EXISTS temp."events_customer_profile";
