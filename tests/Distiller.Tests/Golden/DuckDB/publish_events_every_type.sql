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
    WHEN "event"."attribute" = 'a_bool' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(true|false)') OR TRY_CAST("event"."value" AS BOOLEAN) IS NULL) THEN 'the value does not fit bool: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'an_int32' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(0|-?[1-9][0-9]{0,18})') OR TRY_CAST("event"."value" AS INTEGER) IS NULL) THEN 'the value does not fit int32: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'an_int64' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(0|-?[1-9][0-9]{0,18})') OR TRY_CAST("event"."value" AS BIGINT) IS NULL) THEN 'the value does not fit int64: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_float32' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])') OR TRY_CAST("event"."value" AS FLOAT) IS NULL OR (isinf(TRY_CAST("event"."value" AS FLOAT)) AND NOT contains(lower("event"."value"), 'inf'))) THEN 'the value does not fit float32: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_float64' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])') OR TRY_CAST("event"."value" AS DOUBLE) IS NULL OR (isinf(TRY_CAST("event"."value" AS DOUBLE)) AND NOT contains(lower("event"."value"), 'inf'))) THEN 'the value does not fit float64: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_decimal' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '-?(0|[1-9][0-9]{0,17})([.][0-9]{1,10})?') OR TRY_CAST("event"."value" AS DECIMAL(28,10)) IS NULL) THEN 'the value does not fit decimal(28,10): ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'some_bytes' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '([0-9a-fA-F]{2})*') OR TRY_CAST("event"."value" AS VARCHAR) IS NULL) THEN 'the value does not fit bytes: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_date' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])') OR TRY_CAST("event"."value" AS DATE) IS NULL) THEN 'the value does not fit date: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_timestamp' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?') OR TRY_CAST("event"."value" AS TIMESTAMP) IS NULL) THEN 'the value does not fit timestamp: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_guid' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') OR TRY_CAST("event"."value" AS UUID) IS NULL) THEN 'the value does not fit guid: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_json' AND "event"."value" IS NOT NULL AND (TRY_CAST("event"."value" AS JSON) IS NULL) THEN 'the value does not fit json: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'a_vector' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '\[ *((-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])( *, *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN]))*)? *\]') OR TRY_CAST("event"."value" AS FLOAT[]) IS NULL) THEN 'the value does not fit float vector: ' || CAST("event"."value" AS VARCHAR)
    WHEN "event"."attribute" = 'three_floats' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '\[ *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])( *, *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])){2} *\]') OR TRY_CAST("event"."value" AS FLOAT[]) IS NULL) THEN 'the value does not fit float vector[3]: ' || CAST("event"."value" AS VARCHAR)
    WHEN NOT ("event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')) THEN 'no feature has the attribute''s name; there are a_bool, an_int32, an_int64, a_float32, a_float64, a_decimal, a_string, some_bytes, a_date, a_timestamp, a_guid, a_json, a_vector, three_floats (IgnoringOthers() leaves such events out)'
  END AS "problem",
  CAST("event"."customer_id" AS VARCHAR) AS "customer_id",
  strftime(make_timestamp(epoch_us("event"."feature_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "feature_timestamp",
  strftime(make_timestamp(epoch_us("event"."created_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "created_timestamp",
  CAST("event"."attribute" AS VARCHAR) AS "attribute"
FROM temp.main."events_customer_profile" AS "event"
WHERE "event"."customer_id" IS NULL
  OR "event"."feature_timestamp" IS NULL
  OR "event"."attribute" IS NULL
  OR ("event"."attribute" = 'a_bool' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(true|false)') OR TRY_CAST("event"."value" AS BOOLEAN) IS NULL))
  OR ("event"."attribute" = 'an_int32' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(0|-?[1-9][0-9]{0,18})') OR TRY_CAST("event"."value" AS INTEGER) IS NULL))
  OR ("event"."attribute" = 'an_int64' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(0|-?[1-9][0-9]{0,18})') OR TRY_CAST("event"."value" AS BIGINT) IS NULL))
  OR ("event"."attribute" = 'a_float32' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])') OR TRY_CAST("event"."value" AS FLOAT) IS NULL OR (isinf(TRY_CAST("event"."value" AS FLOAT)) AND NOT contains(lower("event"."value"), 'inf'))))
  OR ("event"."attribute" = 'a_float64' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])') OR TRY_CAST("event"."value" AS DOUBLE) IS NULL OR (isinf(TRY_CAST("event"."value" AS DOUBLE)) AND NOT contains(lower("event"."value"), 'inf'))))
  OR ("event"."attribute" = 'a_decimal' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '-?(0|[1-9][0-9]{0,17})([.][0-9]{1,10})?') OR TRY_CAST("event"."value" AS DECIMAL(28,10)) IS NULL))
  OR ("event"."attribute" = 'some_bytes' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '([0-9a-fA-F]{2})*') OR TRY_CAST("event"."value" AS VARCHAR) IS NULL))
  OR ("event"."attribute" = 'a_date' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])') OR TRY_CAST("event"."value" AS DATE) IS NULL))
  OR ("event"."attribute" = 'a_timestamp' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?') OR TRY_CAST("event"."value" AS TIMESTAMP) IS NULL))
  OR ("event"."attribute" = 'a_guid' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') OR TRY_CAST("event"."value" AS UUID) IS NULL))
  OR ("event"."attribute" = 'a_json' AND "event"."value" IS NOT NULL AND (TRY_CAST("event"."value" AS JSON) IS NULL))
  OR ("event"."attribute" = 'a_vector' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '\[ *((-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])( *, *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN]))*)? *\]') OR TRY_CAST("event"."value" AS FLOAT[]) IS NULL))
  OR ("event"."attribute" = 'three_floats' AND "event"."value" IS NOT NULL AND (NOT regexp_full_match("event"."value", '\[ *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])( *, *(-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])){2} *\]') OR TRY_CAST("event"."value" AS FLOAT[]) IS NULL))
  OR NOT ("event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats'))
LIMIT 1;

-- refuse two different values for one fact of customer_profile
SELECT
  MAX("event"."event_row") AS "event_row",
  'two events tell different values of one fact' AS "problem",
  CAST("event"."customer_id" AS VARCHAR) AS "customer_id",
  strftime(make_timestamp(epoch_us("event"."feature_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "feature_timestamp",
  strftime(make_timestamp(epoch_us("event"."created_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "created_timestamp",
  CAST("event"."attribute" AS VARCHAR) AS "attribute"
FROM temp.main."events_customer_profile" AS "event"
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp", "event"."attribute"
HAVING MIN("event"."value") <> MAX("event"."value")
  OR (COUNT("event"."value") > 0 AND COUNT("event"."value") < COUNT(*))
LIMIT 1;

-- refuse a row of customer_profile without an event for every feature
SELECT
  CAST(NULL AS BIGINT) AS "event_row",
  ('there is no event for ' || CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_bool' THEN 1 ELSE 0 END) = 0 THEN 'a_bool' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'an_int32' THEN 1 ELSE 0 END) = 0 THEN 'an_int32' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'an_int64' THEN 1 ELSE 0 END) = 0 THEN 'an_int64' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_float32' THEN 1 ELSE 0 END) = 0 THEN 'a_float32' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_float64' THEN 1 ELSE 0 END) = 0 THEN 'a_float64' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_decimal' THEN 1 ELSE 0 END) = 0 THEN 'a_decimal' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_string' THEN 1 ELSE 0 END) = 0 THEN 'a_string' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'some_bytes' THEN 1 ELSE 0 END) = 0 THEN 'some_bytes' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_date' THEN 1 ELSE 0 END) = 0 THEN 'a_date' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_timestamp' THEN 1 ELSE 0 END) = 0 THEN 'a_timestamp' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_guid' THEN 1 ELSE 0 END) = 0 THEN 'a_guid' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_json' THEN 1 ELSE 0 END) = 0 THEN 'a_json' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'a_vector' THEN 1 ELSE 0 END) = 0 THEN 'a_vector' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'three_floats' THEN 1 ELSE 0 END) = 0 THEN 'three_floats' ELSE '' END END END END END END END END END END END END END END) || '; write one for every feature, NULL where it has no value, or pivot Sparse()' AS "problem",
  CAST("facts"."customer_id" AS VARCHAR) AS "customer_id",
  strftime(make_timestamp(epoch_us("facts"."feature_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "feature_timestamp",
  strftime(make_timestamp(epoch_us("facts"."created_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "created_timestamp"
FROM (
  SELECT DISTINCT
    "event"."customer_id",
    "event"."feature_timestamp",
    "event"."created_timestamp",
    "event"."attribute"
  FROM temp.main."events_customer_profile" AS "event"
) AS "facts"
GROUP BY "facts"."customer_id", "facts"."feature_timestamp", "facts"."created_timestamp"
HAVING COUNT(*) < 14
LIMIT 1;

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_profile_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- stage the source
CREATE TEMP TABLE "stage_customer_profile" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", now()) AS "created_timestamp",
  "source"."a_bool" AS "a_bool",
  "source"."an_int32" AS "an_int32",
  "source"."an_int64" AS "an_int64",
  "source"."a_float32" AS "a_float32",
  "source"."a_float64" AS "a_float64",
  "source"."a_decimal" AS "a_decimal",
  "source"."a_string" AS "a_string",
  "source"."some_bytes" AS "some_bytes",
  "source"."a_date" AS "a_date",
  "source"."a_timestamp" AS "a_timestamp",
  "source"."a_guid" AS "a_guid",
  "source"."a_json" AS "a_json",
  "source"."a_vector" AS "a_vector",
  "source"."three_floats" AS "three_floats"
FROM (
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_bool' THEN "event"."value" END) AS BOOLEAN) AS "a_bool",
  MAX(CASE WHEN "event"."attribute" = 'an_int32' THEN CAST("event"."value" AS INTEGER) END) AS "an_int32",
  MAX(CASE WHEN "event"."attribute" = 'an_int64' THEN CAST("event"."value" AS BIGINT) END) AS "an_int64",
  MAX(CASE WHEN "event"."attribute" = 'a_float32' THEN CAST("event"."value" AS FLOAT) END) AS "a_float32",
  MAX(CASE WHEN "event"."attribute" = 'a_float64' THEN CAST("event"."value" AS DOUBLE) END) AS "a_float64",
  MAX(CASE WHEN "event"."attribute" = 'a_decimal' THEN CAST("event"."value" AS DECIMAL(28,10)) END) AS "a_decimal",
  MAX(CASE WHEN "event"."attribute" = 'a_string' THEN "event"."value" END) AS "a_string",
  from_hex(MAX(CASE WHEN "event"."attribute" = 'some_bytes' THEN "event"."value" END)) AS "some_bytes",
  MAX(CASE WHEN "event"."attribute" = 'a_date' THEN CAST("event"."value" AS DATE) END) AS "a_date",
  MAX(CASE WHEN "event"."attribute" = 'a_timestamp' THEN make_timestamptz(epoch_us(CAST("event"."value" AS TIMESTAMP))) END) AS "a_timestamp",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_guid' THEN "event"."value" END) AS UUID) AS "a_guid",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_json' THEN "event"."value" END) AS JSON) AS "a_json",
  CAST(MAX(CASE WHEN "event"."attribute" = 'a_vector' THEN "event"."value" END) AS FLOAT[]) AS "a_vector",
  CAST(MAX(CASE WHEN "event"."attribute" = 'three_floats' THEN "event"."value" END) AS FLOAT[]) AS "three_floats"
FROM temp.main."events_customer_profile" AS "event"
WHERE "event"."attribute" IN ('a_bool', 'an_int32', 'an_int64', 'a_float32', 'a_float64', 'a_decimal', 'a_string', 'some_bytes', 'a_date', 'a_timestamp', 'a_guid', 'a_json', 'a_vector', 'three_floats')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp"
) AS "source";

-- refuse rows of customer_profile without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id") THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS VARCHAR)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN ("batch"."an_int32" IS NOT NULL AND TRY_CAST("batch"."an_int32" AS INTEGER) IS DISTINCT FROM "batch"."an_int32") THEN 'column ''an_int32'' does not fit int32: ' || CAST("batch"."an_int32" AS VARCHAR)
    WHEN ("batch"."an_int64" IS NOT NULL AND TRY_CAST("batch"."an_int64" AS BIGINT) IS DISTINCT FROM "batch"."an_int64") THEN 'column ''an_int64'' does not fit int64: ' || CAST("batch"."an_int64" AS VARCHAR)
    WHEN ("batch"."a_float32" IS NOT NULL AND TRY_CAST("batch"."a_float32" AS FLOAT) IS DISTINCT FROM "batch"."a_float32") THEN 'column ''a_float32'' does not fit float32: ' || CAST("batch"."a_float32" AS VARCHAR)
    WHEN ("batch"."a_decimal" IS NOT NULL AND TRY_CAST("batch"."a_decimal" AS DECIMAL(28,10)) IS DISTINCT FROM "batch"."a_decimal") THEN 'column ''a_decimal'' does not fit decimal(28,10): ' || CAST("batch"."a_decimal" AS VARCHAR)
  END AS "problem"
FROM temp.main."stage_customer_profile" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id")
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR ("batch"."an_int32" IS NOT NULL AND TRY_CAST("batch"."an_int32" AS INTEGER) IS DISTINCT FROM "batch"."an_int32")
  OR ("batch"."an_int64" IS NOT NULL AND TRY_CAST("batch"."an_int64" AS BIGINT) IS DISTINCT FROM "batch"."an_int64")
  OR ("batch"."a_float32" IS NOT NULL AND TRY_CAST("batch"."a_float32" AS FLOAT) IS DISTINCT FROM "batch"."a_float32")
  OR ("batch"."a_decimal" IS NOT NULL AND TRY_CAST("batch"."a_decimal" AS DECIMAL(28,10)) IS DISTINCT FROM "batch"."a_decimal")
LIMIT 1;

-- count rows of customer_profile that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_customer_profile" AS "batch"
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
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp.main."stage_customer_profile" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_customer_profile" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp.main."stage_customer_profile" AS "earlier"
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
DELETE FROM temp.main."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_customer_profile" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_profile_history';

-- count rows of customer_profile that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."a_bool" IS DISTINCT FROM "history"."a_bool" OR "batch"."an_int32" IS DISTINCT FROM "history"."an_int32" OR "batch"."an_int64" IS DISTINCT FROM "history"."an_int64" OR "batch"."a_float32" IS DISTINCT FROM "history"."a_float32" OR "batch"."a_float64" IS DISTINCT FROM "history"."a_float64" OR "batch"."a_decimal" IS DISTINCT FROM "history"."a_decimal" OR "batch"."a_string" IS DISTINCT FROM "history"."a_string" OR "batch"."some_bytes" IS DISTINCT FROM "history"."some_bytes" OR "batch"."a_date" IS DISTINCT FROM "history"."a_date" OR "batch"."a_timestamp" IS DISTINCT FROM "history"."a_timestamp" OR "batch"."a_guid" IS DISTINCT FROM "history"."a_guid" OR "batch"."a_json" IS DISTINCT FROM "history"."a_json" OR "batch"."a_vector" IS DISTINCT FROM "history"."a_vector" OR "batch"."three_floats" IS DISTINCT FROM "history"."three_floats" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_customer_profile" AS "batch"
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
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM temp.main."stage_customer_profile" AS "batch"
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
DELETE FROM temp.main."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_customer_profile" AS "batch"
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
FROM temp.main."stage_customer_profile" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    arg_max("batch"."batch_row", CAST(epoch_us("batch"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("batch"."created_timestamp"), -9223372036854775808)) AS "batch_row"
  FROM temp.main."stage_customer_profile" AS "batch"
  GROUP BY "batch"."customer_id"
);

-- count what is appended to customer_profile, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_customer_profile" AS "batch"
LEFT JOIN "customer_profile_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_profile that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_customer_profile_newest" AS "newest"
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
FROM temp.main."stage_customer_profile" AS "batch";

-- bring latest up to date: never back
MERGE INTO "customer_profile_latest" AS "stored"
USING (
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
    now() AS "published_timestamp"
  FROM temp.main."stage_customer_profile_newest" AS "newest"
) AS "incoming"
  ON "stored"."customer_id" = "incoming"."customer_id"
WHEN MATCHED AND ("incoming"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("incoming"."feature_timestamp" = "stored"."feature_timestamp" AND "incoming"."created_timestamp" > "stored"."created_timestamp")) THEN UPDATE SET
  "feature_timestamp" = "incoming"."feature_timestamp",
  "created_timestamp" = "incoming"."created_timestamp",
  "a_bool" = "incoming"."a_bool",
  "an_int32" = "incoming"."an_int32",
  "an_int64" = "incoming"."an_int64",
  "a_float32" = "incoming"."a_float32",
  "a_float64" = "incoming"."a_float64",
  "a_decimal" = "incoming"."a_decimal",
  "a_string" = "incoming"."a_string",
  "some_bytes" = "incoming"."some_bytes",
  "a_date" = "incoming"."a_date",
  "a_timestamp" = "incoming"."a_timestamp",
  "a_guid" = "incoming"."a_guid",
  "a_json" = "incoming"."a_json",
  "a_vector" = "incoming"."a_vector",
  "three_floats" = "incoming"."three_floats",
  "published_timestamp" = "incoming"."published_timestamp"
WHEN NOT MATCHED THEN INSERT ("customer_id", "feature_timestamp", "created_timestamp", "a_bool", "an_int32", "an_int64", "a_float32", "a_float64", "a_decimal", "a_string", "some_bytes", "a_date", "a_timestamp", "a_guid", "a_json", "a_vector", "three_floats", "published_timestamp") VALUES ("incoming"."customer_id", "incoming"."feature_timestamp", "incoming"."created_timestamp", "incoming"."a_bool", "incoming"."an_int32", "incoming"."an_int64", "incoming"."a_float32", "incoming"."a_float64", "incoming"."a_decimal", "incoming"."a_string", "incoming"."some_bytes", "incoming"."a_date", "incoming"."a_timestamp", "incoming"."a_guid", "incoming"."a_json", "incoming"."a_vector", "incoming"."three_floats", "incoming"."published_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_customer_profile_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_customer_profile";

-- drop the staged events
DROP TABLE IF EXISTS temp.main."events_customer_profile";
