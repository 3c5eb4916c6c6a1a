-- Publish incoming_stock to shelf_stock_history and shelf_stock_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'shelf_stock' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'shelf_stock_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- stage the source
CREATE TEMP TABLE "stage_shelf_stock" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."store" AS "store",
  "source"."product_id" AS "product_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", now()) AS "created_timestamp",
  "source"."in_stock" AS "in_stock",
  "source"."price" AS "price"
FROM "incoming_stock" AS "source";

-- refuse rows of shelf_stock without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."store" IS NULL THEN 'column ''store'' is NULL'
    WHEN "batch"."product_id" IS NULL THEN 'column ''product_id'' is NULL'
    WHEN ("batch"."product_id" IS NOT NULL AND TRY_CAST("batch"."product_id" AS INTEGER) IS DISTINCT FROM "batch"."product_id") THEN 'column ''product_id'' does not fit int32: ' || CAST("batch"."product_id" AS VARCHAR)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN ("batch"."in_stock" IS NOT NULL AND TRY_CAST("batch"."in_stock" AS INTEGER) IS DISTINCT FROM "batch"."in_stock") THEN 'column ''in_stock'' does not fit int32: ' || CAST("batch"."in_stock" AS VARCHAR)
    WHEN ("batch"."price" IS NOT NULL AND TRY_CAST("batch"."price" AS DECIMAL(9,2)) IS DISTINCT FROM "batch"."price") THEN 'column ''price'' does not fit decimal(9,2): ' || CAST("batch"."price" AS VARCHAR)
  END AS "problem"
FROM temp.main."stage_shelf_stock" AS "batch"
WHERE "batch"."store" IS NULL
  OR "batch"."product_id" IS NULL
  OR ("batch"."product_id" IS NOT NULL AND TRY_CAST("batch"."product_id" AS INTEGER) IS DISTINCT FROM "batch"."product_id")
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR ("batch"."in_stock" IS NOT NULL AND TRY_CAST("batch"."in_stock" AS INTEGER) IS DISTINCT FROM "batch"."in_stock")
  OR ("batch"."price" IS NOT NULL AND TRY_CAST("batch"."price" AS DECIMAL(9,2)) IS DISTINCT FROM "batch"."price")
LIMIT 1;

-- count rows of shelf_stock that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_shelf_stock" AS "batch"
  GROUP BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of shelf_stock for one store, product_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."in_stock" IS DISTINCT FROM "earlier"."in_stock" THEN 'column ''in_stock'''
    WHEN "batch"."price" IS DISTINCT FROM "earlier"."price" THEN 'column ''price'''
  END AS "problem",
  CAST("batch"."store" AS VARCHAR) AS "store",
  CAST("batch"."product_id" AS VARCHAR) AS "product_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM (
  SELECT
    "batch"."store",
    "batch"."product_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp.main."stage_shelf_stock" AS "batch"
  GROUP BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_shelf_stock" AS "batch"
  ON "batch"."store" = "facts"."store"
    AND "batch"."product_id" = "facts"."product_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp.main."stage_shelf_stock" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."in_stock" IS DISTINCT FROM "earlier"."in_stock"
  OR "batch"."price" IS DISTINCT FROM "earlier"."price"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp.main."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_shelf_stock" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'shelf_stock_history';

-- count rows of shelf_stock that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."in_stock" IS DISTINCT FROM "history"."in_stock" OR "batch"."price" IS DISTINCT FROM "history"."price" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_shelf_stock" AS "batch"
JOIN "shelf_stock_history" AS "history"
  ON "batch"."store" = "history"."store"
    AND "batch"."product_id" = "history"."product_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of shelf_stock that differs from history's for one store, product_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."in_stock" IS DISTINCT FROM "history"."in_stock" THEN 'column ''in_stock'''
    WHEN "batch"."price" IS DISTINCT FROM "history"."price" THEN 'column ''price'''
  END AS "problem",
  CAST("batch"."store" AS VARCHAR) AS "store",
  CAST("batch"."product_id" AS VARCHAR) AS "product_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM temp.main."stage_shelf_stock" AS "batch"
JOIN "shelf_stock_history" AS "history"
  ON "batch"."store" = "history"."store"
    AND "batch"."product_id" = "history"."product_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."in_stock" IS DISTINCT FROM "history"."in_stock"
  OR "batch"."price" IS DISTINCT FROM "history"."price"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp.main."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_shelf_stock" AS "batch"
  JOIN "shelf_stock_history" AS "history"
    ON "batch"."store" = "history"."store"
      AND "batch"."product_id" = "history"."product_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- the newest row of each key of shelf_stock
CREATE TEMP TABLE "stage_shelf_stock_newest" AS
SELECT
  "batch"."store",
  "batch"."product_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."in_stock",
  "batch"."price"
FROM temp.main."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    arg_max("batch"."batch_row", CAST(epoch_us("batch"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("batch"."created_timestamp"), -9223372036854775808)) AS "batch_row"
  FROM temp.main."stage_shelf_stock" AS "batch"
  GROUP BY "batch"."store", "batch"."product_id"
);

-- count what is appended to shelf_stock, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_shelf_stock" AS "batch"
LEFT JOIN "shelf_stock_latest" AS "latest"
  ON "latest"."store" = "batch"."store"
    AND "latest"."product_id" = "batch"."product_id";

-- count keys of shelf_stock that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_shelf_stock_newest" AS "newest"
LEFT JOIN "shelf_stock_latest" AS "latest"
  ON "latest"."store" = "newest"."store"
    AND "latest"."product_id" = "newest"."product_id";

-- append to history
INSERT INTO "shelf_stock_history" ("store", "product_id", "feature_timestamp", "created_timestamp", "in_stock", "price")
SELECT
  "batch"."store",
  "batch"."product_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."in_stock",
  "batch"."price"
FROM temp.main."stage_shelf_stock" AS "batch";

-- bring latest up to date: never back
MERGE INTO "shelf_stock_latest" AS "stored"
USING (
  SELECT
    "newest"."store",
    "newest"."product_id",
    "newest"."feature_timestamp",
    "newest"."created_timestamp",
    "newest"."in_stock",
    "newest"."price",
    now() AS "published_timestamp"
  FROM temp.main."stage_shelf_stock_newest" AS "newest"
) AS "incoming"
  ON "stored"."store" = "incoming"."store"
    AND "stored"."product_id" = "incoming"."product_id"
WHEN MATCHED AND ("incoming"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("incoming"."feature_timestamp" = "stored"."feature_timestamp" AND "incoming"."created_timestamp" > "stored"."created_timestamp")) THEN UPDATE SET
  "feature_timestamp" = "incoming"."feature_timestamp",
  "created_timestamp" = "incoming"."created_timestamp",
  "in_stock" = "incoming"."in_stock",
  "price" = "incoming"."price",
  "published_timestamp" = "incoming"."published_timestamp"
WHEN NOT MATCHED THEN INSERT ("store", "product_id", "feature_timestamp", "created_timestamp", "in_stock", "price", "published_timestamp") VALUES ("incoming"."store", "incoming"."product_id", "incoming"."feature_timestamp", "incoming"."created_timestamp", "incoming"."in_stock", "incoming"."price", "incoming"."published_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_shelf_stock_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_shelf_stock";
