-- Catalog of customer_balance, tier_log as the view feature_catalog.

-- drop the view feature_catalog where it exists
DROP VIEW IF EXISTS "feature_catalog";

-- create the view feature_catalog
CREATE VIEW "feature_catalog" AS
SELECT
  "catalog"."feature_set",
  "catalog"."entity",
  "catalog"."description",
  "catalog"."position",
  "catalog"."column",
  "catalog"."role",
  "catalog"."type",
  "catalog"."column_description",
  "catalog"."history",
  "catalog"."latest",
  "catalog"."max_age",
  "catalog"."keys",
  "catalog"."newest_event",
  "catalog"."last_published"
FROM (
  SELECT
    'customer_balance' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS TEXT) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'customer_balance_history' AS "history",
    'customer_balance_latest' AS "latest",
    '30.00:00:00' AS "max_age",
    "fresh"."keys",
    "fresh"."newest_event",
    "fresh"."last_published",
    1 AS "set_position"
  FROM (
    SELECT
      1 AS "position",
      'customer_id' AS "column",
      'key' AS "role",
      'int64' AS "type",
      'somebody who buys' AS "column_description"
    UNION ALL
    SELECT
      2 AS "position",
      'feature_timestamp' AS "column",
      'event time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'created_timestamp' AS "column",
      'created time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'balance' AS "column",
      'feature' AS "role",
      'decimal(12,2)' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'segment' AS "column",
      'feature' AS "role",
      'string' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      COUNT(*) AS "keys",
      MAX("stored"."feature_timestamp") AS "newest_event",
      MAX("stored"."published_timestamp") AS "last_published"
    FROM "customer_balance_latest" AS "stored"
  ) AS "fresh"
    ON TRUE
  UNION ALL
  SELECT
    'tier_log' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS TEXT) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'tier_log' AS "history",
    'tier_now' AS "latest",
    CAST(NULL AS TEXT) AS "max_age",
    "fresh"."keys",
    "fresh"."newest_event",
    "fresh"."last_published",
    2 AS "set_position"
  FROM (
    SELECT
      1 AS "position",
      'customer_id' AS "column",
      'key' AS "role",
      'int64' AS "type",
      'somebody who buys' AS "column_description"
    UNION ALL
    SELECT
      2 AS "position",
      'valid_from' AS "column",
      'event time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'known_at' AS "column",
      'created time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'tier' AS "column",
      'feature' AS "role",
      'string' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'points' AS "column",
      'feature' AS "role",
      'int64' AS "type",
      CAST(NULL AS TEXT) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      COUNT(*) AS "keys",
      MAX("stored"."valid_from") AS "newest_event",
      CAST(NULL AS TEXT) AS "last_published"
    FROM "tier_now" AS "stored"
  ) AS "fresh"
    ON TRUE
) AS "catalog";
