-- Reconcile shelf_stock_latest with shelf_stock_history: what differs.
WITH "differences" AS MATERIALIZED (
  SELECT
    CASE WHEN "latest"."store" IS NULL THEN 'missing' ELSE 'differing' END AS "difference",
    "must_be"."store",
    "must_be"."product_id",
    "must_be"."feature_timestamp" AS "history_1",
    "must_be"."created_timestamp" AS "history_2",
    "must_be"."in_stock" AS "history_3",
    "must_be"."price" AS "history_4",
    "latest"."feature_timestamp" AS "latest_1",
    "latest"."created_timestamp" AS "latest_2",
    "latest"."in_stock" AS "latest_3",
    "latest"."price" AS "latest_4"
  FROM (
    SELECT DISTINCT ON ("history"."store", "history"."product_id")
      "history"."store",
      "history"."product_id",
      "history"."feature_timestamp",
      "history"."created_timestamp",
      "history"."in_stock",
      "history"."price"
    FROM "shelf_stock_history" AS "history"
    ORDER BY "history"."store" DESC, "history"."product_id" DESC, "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  ) AS "must_be"
  LEFT JOIN "shelf_stock_latest" AS "latest"
    ON "latest"."store" = "must_be"."store"
      AND "latest"."product_id" = "must_be"."product_id"
  WHERE "latest"."store" IS NULL
    OR ("must_be"."feature_timestamp" IS DISTINCT FROM "latest"."feature_timestamp" OR "must_be"."created_timestamp" IS DISTINCT FROM "latest"."created_timestamp" OR "must_be"."in_stock" IS DISTINCT FROM "latest"."in_stock" OR "must_be"."price" IS DISTINCT FROM "latest"."price")
  UNION ALL
  SELECT
    'extra' AS "difference",
    "latest"."store",
    "latest"."product_id",
    CAST(NULL AS timestamptz) AS "history_1",
    CAST(NULL AS timestamptz) AS "history_2",
    CAST(NULL AS integer) AS "history_3",
    CAST(NULL AS numeric(9,2)) AS "history_4",
    "latest"."feature_timestamp" AS "latest_1",
    "latest"."created_timestamp" AS "latest_2",
    "latest"."in_stock" AS "latest_3",
    "latest"."price" AS "latest_4"
  FROM "shelf_stock_latest" AS "latest"
  WHERE NOT EXISTS (
    SELECT
      1
    FROM "shelf_stock_history" AS "history"
    WHERE "history"."store" = "latest"."store"
      AND "history"."product_id" = "latest"."product_id"
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
    "store",
    "product_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    ROW_NUMBER() OVER (PARTITION BY "difference" ORDER BY "store", "product_id") AS "place"
  FROM "differences"
),
"first_keys" AS (
  SELECT
    "difference",
    "store",
    "product_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    "place"
  FROM "numbered"
  WHERE "place" <= 5
)
SELECT
  "totals"."missing",
  "totals"."extra",
  "totals"."differing",
  "both_sides"."side",
  "both_sides"."difference",
  "both_sides"."store",
  "both_sides"."product_id",
  "both_sides"."feature_timestamp",
  "both_sides"."created_timestamp",
  "both_sides"."in_stock",
  "both_sides"."price"
FROM "totals"
LEFT JOIN (
  SELECT
    "difference",
    "store",
    "product_id",
    "place",
    'history' AS "side",
    1 AS "side_order",
    "history_1" AS "feature_timestamp",
    "history_2" AS "created_timestamp",
    "history_3" AS "in_stock",
    "history_4" AS "price"
  FROM "first_keys"
  WHERE "difference" <> 'extra'
  UNION ALL
  SELECT
    "difference",
    "store",
    "product_id",
    "place",
    'latest' AS "side",
    2 AS "side_order",
    "latest_1" AS "feature_timestamp",
    "latest_2" AS "created_timestamp",
    "latest_3" AS "in_stock",
    "latest_4" AS "price"
  FROM "first_keys"
  WHERE "difference" <> 'missing'
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."difference", "both_sides"."place", "both_sides"."side_order";
