-- Reconcile customer_spend_latest with customer_spend_history: what differs.
WITH "differences" AS MATERIALIZED (
  SELECT
    CASE WHEN "latest"."customer_id" IS NULL THEN 'missing' ELSE 'differing' END AS "difference",
    "must_be"."customer_id",
    "must_be"."feature_timestamp" AS "history_1",
    "must_be"."created_timestamp" AS "history_2",
    "must_be"."spend_7d" AS "history_3",
    "must_be"."orders_7d" AS "history_4",
    "must_be"."vip" AS "history_5",
    "latest"."feature_timestamp" AS "latest_1",
    "latest"."created_timestamp" AS "latest_2",
    "latest"."spend_7d" AS "latest_3",
    "latest"."orders_7d" AS "latest_4",
    "latest"."vip" AS "latest_5"
  FROM (
    SELECT DISTINCT ON ("history"."customer_id")
      "history"."customer_id",
      "history"."feature_timestamp",
      "history"."created_timestamp",
      "history"."spend_7d",
      "history"."orders_7d",
      "history"."vip"
    FROM "customer_spend_history" AS "history"
    ORDER BY "history"."customer_id" DESC, "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  ) AS "must_be"
  LEFT JOIN "customer_spend_latest" AS "latest"
    ON "latest"."customer_id" = "must_be"."customer_id"
  WHERE "latest"."customer_id" IS NULL
    OR ("must_be"."feature_timestamp" IS DISTINCT FROM "latest"."feature_timestamp" OR "must_be"."created_timestamp" IS DISTINCT FROM "latest"."created_timestamp" OR "must_be"."spend_7d" IS DISTINCT FROM "latest"."spend_7d" OR "must_be"."orders_7d" IS DISTINCT FROM "latest"."orders_7d" OR "must_be"."vip" IS DISTINCT FROM "latest"."vip")
  UNION ALL
  SELECT
    'extra' AS "difference",
    "latest"."customer_id",
    CAST(NULL AS timestamptz) AS "history_1",
    CAST(NULL AS timestamptz) AS "history_2",
    CAST(NULL AS double precision) AS "history_3",
    CAST(NULL AS integer) AS "history_4",
    CAST(NULL AS boolean) AS "history_5",
    "latest"."feature_timestamp" AS "latest_1",
    "latest"."created_timestamp" AS "latest_2",
    "latest"."spend_7d" AS "latest_3",
    "latest"."orders_7d" AS "latest_4",
    "latest"."vip" AS "latest_5"
  FROM "customer_spend_latest" AS "latest"
  WHERE NOT EXISTS (
    SELECT
      1
    FROM "customer_spend_history" AS "history"
    WHERE "history"."customer_id" = "latest"."customer_id"
  )
),
"totals" AS (
  SELECT
    COALESCE(SUM(CASE WHEN "difference" = 'missing' THEN 1 ELSE 0 END), 0) AS "missing",
    COALESCE(SUM(CASE WHEN "difference" = 'extra' THEN 1 ELSE 0 END), 0) AS "extra",
    COALESCE(SUM(CASE WHEN "difference" = 'differing' THEN 1 ELSE 0 END), 0) AS "differing"
  FROM "differences"
),
"numbered" AS (
  SELECT
    "difference",
    "customer_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "history_5",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    "latest_5",
    ROW_NUMBER() OVER (PARTITION BY "difference" ORDER BY "customer_id") AS "place"
  FROM "differences"
),
"first_keys" AS (
  SELECT
    "difference",
    "customer_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "history_5",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    "latest_5",
    "place"
  FROM "numbered"
  WHERE "place" <= 20
)
SELECT
  "totals"."missing",
  "totals"."extra",
  "totals"."differing",
  "both_sides"."side",
  "both_sides"."difference",
  "both_sides"."customer_id",
  "both_sides"."feature_timestamp",
  "both_sides"."created_timestamp",
  "both_sides"."spend_7d",
  "both_sides"."orders_7d",
  "both_sides"."vip"
FROM "totals"
LEFT JOIN (
  SELECT
    "difference",
    "customer_id",
    "place",
    'history' AS "side",
    1 AS "side_order",
    "history_1" AS "feature_timestamp",
    "history_2" AS "created_timestamp",
    "history_3" AS "spend_7d",
    "history_4" AS "orders_7d",
    "history_5" AS "vip"
  FROM "first_keys"
  WHERE "difference" <> 'extra'
  UNION ALL
  SELECT
    "difference",
    "customer_id",
    "place",
    'latest' AS "side",
    2 AS "side_order",
    "latest_1" AS "feature_timestamp",
    "latest_2" AS "created_timestamp",
    "latest_3" AS "spend_7d",
    "latest_4" AS "orders_7d",
    "latest_5" AS "vip"
  FROM "first_keys"
  WHERE "difference" <> 'missing'
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."difference", "both_sides"."place", "both_sides"."side_order";
