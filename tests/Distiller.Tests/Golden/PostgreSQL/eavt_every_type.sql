-- Events of customer_profile: one row per history row and feature.
SELECT
  "history"."customer_id",
  'a_bool' AS "attribute",
  CAST("history"."a_bool" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int32' AS "attribute",
  CAST("history"."an_int32" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int64' AS "attribute",
  CAST("history"."an_int64" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float32' AS "attribute",
  CAST("history"."a_float32" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float64' AS "attribute",
  CAST("history"."a_float64" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_decimal' AS "attribute",
  CAST("history"."a_decimal" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_string' AS "attribute",
  "history"."a_string" AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'some_bytes' AS "attribute",
  encode("history"."some_bytes", 'hex') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_date' AS "attribute",
  to_char("history"."a_date", 'YYYY-MM-DD') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_timestamp' AS "attribute",
  to_char("history"."a_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_guid' AS "attribute",
  CAST("history"."a_guid" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_json' AS "attribute",
  CAST("history"."a_json" AS text) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_vector' AS "attribute",
  translate(CAST("history"."a_vector" AS text), '{}', '[]') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'three_floats' AS "attribute",
  translate(CAST("history"."three_floats" AS text), '{}', '[]') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history";
