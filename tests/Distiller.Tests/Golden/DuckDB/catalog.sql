-- Catalog of customer_spend, customer_habits, customer_tier, customer_tier.
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
    'customer_spend' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS VARCHAR) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'customer_spend_history' AS "history",
    'customer_spend_latest' AS "latest",
    CAST(NULL AS VARCHAR) AS "max_age",
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
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'created_timestamp' AS "column",
      'created time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'spend_7d' AS "column",
      'feature' AS "role",
      'float64' AS "type",
      'euros in the last seven days' AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'orders_7d' AS "column",
      'feature' AS "role",
      'int32' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      6 AS "position",
      'vip' AS "column",
      'feature' AS "role",
      'bool' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      COUNT(*) AS "keys",
      MAX("stored"."feature_timestamp") AS "newest_event",
      MAX("stored"."published_timestamp") AS "last_published"
    FROM "customer_spend_latest" AS "stored"
  ) AS "fresh"
    ON TRUE
  UNION ALL
  SELECT
    'customer_habits' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS VARCHAR) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'customer_habits_history' AS "history",
    'customer_habits_latest' AS "latest",
    '7.00:00:00' AS "max_age",
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
      'feature_timestamp' AS "column",
      'event time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'created_timestamp' AS "column",
      'created time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'orders_7d' AS "column",
      'feature' AS "role",
      'int32' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'vip' AS "column",
      'feature' AS "role",
      'bool' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      COUNT(*) AS "keys",
      MAX("stored"."feature_timestamp") AS "newest_event",
      MAX("stored"."published_timestamp") AS "last_published"
    FROM "customer_habits_latest" AS "stored"
    WHERE NOT ("stored"."deleted")
  ) AS "fresh"
    ON TRUE
  UNION ALL
  SELECT
    'customer_tier' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS VARCHAR) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'tiers' AS "history",
    CAST(NULL AS VARCHAR) AS "latest",
    CAST(NULL AS VARCHAR) AS "max_age",
    "fresh"."keys",
    "fresh"."newest_event",
    "fresh"."last_published",
    3 AS "set_position"
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
      'valid_instant' AS "column",
      'event time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'known_instant' AS "column",
      'created time' AS "role",
      'timestamp' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'tier' AS "column",
      'feature' AS "role",
      'string' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'discount' AS "column",
      'feature' AS "role",
      'float64' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      CAST(NULL AS BIGINT) AS "keys",
      MAX("stored"."valid_instant") AS "newest_event",
      CAST(NULL AS TIMESTAMPTZ) AS "last_published"
    FROM "tiers" AS "stored"
  ) AS "fresh"
    ON TRUE
  UNION ALL
  SELECT
    'customer_tier' AS "feature_set",
    'customer' AS "entity",
    CAST(NULL AS VARCHAR) AS "description",
    "declared"."position",
    "declared"."column",
    "declared"."role",
    "declared"."type",
    "declared"."column_description",
    'tiers' AS "history",
    CAST(NULL AS VARCHAR) AS "latest",
    CAST(NULL AS VARCHAR) AS "max_age",
    "fresh"."keys",
    "fresh"."newest_event",
    "fresh"."last_published",
    4 AS "set_position"
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
      'valid_ordinal' AS "column",
      'event time' AS "role",
      'time (Ordinal)' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      3 AS "position",
      'known_ordinal' AS "column",
      'created time' AS "role",
      'time (Ordinal)' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      4 AS "position",
      'tier' AS "column",
      'feature' AS "role",
      'string' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
    UNION ALL
    SELECT
      5 AS "position",
      'discount' AS "column",
      'feature' AS "role",
      'float64' AS "type",
      CAST(NULL AS VARCHAR) AS "column_description"
  ) AS "declared"
  JOIN (
    SELECT
      CAST(NULL AS BIGINT) AS "keys",
      CAST(NULL AS TIMESTAMPTZ) AS "newest_event",
      CAST(NULL AS TIMESTAMPTZ) AS "last_published"
    FROM "tiers" AS "stored"
  ) AS "fresh"
    ON TRUE
) AS "catalog"
ORDER BY "catalog"."set_position", "catalog"."position";
