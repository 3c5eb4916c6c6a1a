-- Events of customer_profile: one row per history row and feature.
SELECT
  "history"."customer_id",
  'a_bool' AS "attribute",
  CAST("history"."a_bool" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int32' AS "attribute",
  CAST("history"."an_int32" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int64' AS "attribute",
  CAST("history"."an_int64" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float32' AS "attribute",
  CAST("history"."a_float32" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float64' AS "attribute",
  CAST("history"."a_float64" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_decimal' AS "attribute",
  CAST("history"."a_decimal" AS VARCHAR) AS "value",
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
  lower(hex("history"."some_bytes")) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_date' AS "attribute",
  CAST("history"."a_date" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_timestamp' AS "attribute",
  strftime(make_timestamp(epoch_us("history"."a_timestamp")), '%Y-%m-%d %H:%M:%S.%f') AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_guid' AS "attribute",
  CAST("history"."a_guid" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_json' AS "attribute",
  CAST("history"."a_json" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_vector' AS "attribute",
  CAST("history"."a_vector" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'three_floats' AS "attribute",
  CAST("history"."three_floats" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history";
