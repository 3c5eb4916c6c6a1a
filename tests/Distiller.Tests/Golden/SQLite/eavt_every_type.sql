-- Events of customer_profile: one row per history row and feature.
SELECT
  "history"."customer_id",
  'a_bool' AS "attribute",
  CASE "history"."a_bool" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int32' AS "attribute",
  CAST("history"."an_int32" AS TEXT) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'an_int64' AS "attribute",
  CAST("history"."an_int64" AS TEXT) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float32' AS "attribute",
  CASE WHEN "history"."a_float32" IS NOT NULL THEN quote(CAST("history"."a_float32" AS REAL)) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_float64' AS "attribute",
  CASE WHEN "history"."a_float64" IS NOT NULL THEN quote(CAST("history"."a_float64" AS REAL)) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_decimal' AS "attribute",
  CAST("history"."a_decimal" AS TEXT) AS "value",
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
  CASE WHEN "history"."some_bytes" IS NOT NULL THEN lower(hex("history"."some_bytes")) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_date' AS "attribute",
  "history"."a_date" AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_timestamp' AS "attribute",
  "history"."a_timestamp" AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_guid' AS "attribute",
  lower("history"."a_guid") AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_json' AS "attribute",
  "history"."a_json" AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'a_vector' AS "attribute",
  CASE WHEN "history"."a_vector" IS NOT NULL THEN lower(hex("history"."a_vector")) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'three_floats' AS "attribute",
  CASE WHEN "history"."three_floats" IS NOT NULL THEN lower(hex("history"."three_floats")) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_profile_history" AS "history";
