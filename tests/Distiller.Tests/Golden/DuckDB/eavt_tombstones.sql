-- Events of customer_leaver: one row per history row and feature, and one of 'deleted' per tombstone.
SELECT
  "history"."customer_id",
  'vip' AS "attribute",
  CAST("history"."vip" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_leaver_history" AS "history"
WHERE NOT ("history"."deleted")
UNION ALL
SELECT
  "history"."customer_id",
  'points' AS "attribute",
  CAST("history"."points" AS VARCHAR) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_leaver_history" AS "history"
WHERE NOT ("history"."deleted")
UNION ALL
SELECT
  "history"."customer_id",
  'deleted' AS "attribute",
  'true' AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_leaver_history" AS "history"
WHERE "history"."deleted";
