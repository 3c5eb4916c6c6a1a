-- Publish incoming_stock to shelf_stock_history and shelf_stock_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'shelf_stock' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the source
CREATE TEMP TABLE "stage_shelf_stock" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."store" AS "store",
  "source"."product_id" AS "product_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')) AS "created_timestamp",
  "source"."in_stock" AS "in_stock",
  CASE WHEN typeof("source"."price") = 'real' AND "source"."price" = 0 THEN '0' || '.00' WHEN typeof("source"."price") = 'real' AND CAST(printf('%.2f', "source"."price") AS REAL) = "source"."price" THEN printf('%.2f', "source"."price") WHEN typeof("source"."price") IN ('real', 'blob', 'null') OR "source"."price" = '' OR "source"."price" GLOB '*[^-.0-9]*' THEN "source"."price" WHEN instr("source"."price", '.') = 0 THEN "source"."price" || '.00' WHEN length(rtrim("source"."price", '0')) - instr("source"."price", '.') > 2 THEN "source"."price" ELSE substr(rtrim("source"."price", '0') || '00', 1, instr("source"."price", '.') + 2) END AS "price"
FROM "incoming_stock" AS "source";

-- refuse rows of shelf_stock without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."store" IS NULL THEN 'column ''store'' is NULL'
    WHEN (typeof("batch"."store") NOT IN ('null', 'text')) THEN 'column ''store'' does not fit string: ' || CAST("batch"."store" AS text)
    WHEN "batch"."product_id" IS NULL THEN 'column ''product_id'' is NULL'
    WHEN (typeof("batch"."product_id") NOT IN ('null', 'integer') OR "batch"."product_id" NOT BETWEEN -2147483648 AND 2147483647) THEN 'column ''product_id'' does not fit int32: ' || CAST("batch"."product_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''feature_timestamp'' does not fit timestamp: ' || CAST("batch"."feature_timestamp" AS text)
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''created_timestamp'' does not fit timestamp: ' || CAST("batch"."created_timestamp" AS text)
    WHEN (typeof("batch"."in_stock") NOT IN ('null', 'integer') OR "batch"."in_stock" NOT BETWEEN -2147483648 AND 2147483647) THEN 'column ''in_stock'' does not fit int32: ' || CAST("batch"."in_stock" AS text)
    WHEN (typeof("batch"."price") NOT IN ('null', 'text') OR replace(ltrim("batch"."price", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."price", '-') GLOB '0[0-9]*' OR instr(substr("batch"."price", 2), '-') > 0 OR ("batch"."price" GLOB '-*' AND "batch"."price" NOT GLOB '*[1-9]*') OR ltrim("batch"."price", '-') NOT GLOB '[0-9]*.[0-9][0-9]' OR instr(ltrim("batch"."price", '-'), '.') NOT BETWEEN 2 AND 8 OR length(ltrim("batch"."price", '-')) - instr(ltrim("batch"."price", '-'), '.') <> 2) THEN 'column ''price'' does not fit decimal(9,2): ' || CAST("batch"."price" AS text)
  END AS "problem"
FROM temp."stage_shelf_stock" AS "batch"
WHERE "batch"."store" IS NULL
  OR (typeof("batch"."store") NOT IN ('null', 'text'))
  OR "batch"."product_id" IS NULL
  OR (typeof("batch"."product_id") NOT IN ('null', 'integer') OR "batch"."product_id" NOT BETWEEN -2147483648 AND 2147483647)
  OR "batch"."feature_timestamp" IS NULL
  OR (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."created_timestamp" IS NULL
  OR (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."in_stock") NOT IN ('null', 'integer') OR "batch"."in_stock" NOT BETWEEN -2147483648 AND 2147483647)
  OR (typeof("batch"."price") NOT IN ('null', 'text') OR replace(ltrim("batch"."price", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."price", '-') GLOB '0[0-9]*' OR instr(substr("batch"."price", 2), '-') > 0 OR ("batch"."price" GLOB '-*' AND "batch"."price" NOT GLOB '*[1-9]*') OR ltrim("batch"."price", '-') NOT GLOB '[0-9]*.[0-9][0-9]' OR instr(ltrim("batch"."price", '-'), '.') NOT BETWEEN 2 AND 8 OR length(ltrim("batch"."price", '-')) - instr(ltrim("batch"."price", '-'), '.') <> 2)
LIMIT 1;

-- count rows of shelf_stock that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_shelf_stock" AS "batch"
  GROUP BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of shelf_stock for one store, product_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."in_stock" IS DISTINCT FROM "earlier"."in_stock" THEN 'column ''in_stock'''
    WHEN "batch"."price" IS DISTINCT FROM "earlier"."price" THEN 'column ''price'''
  END AS "problem",
  CAST("batch"."store" AS text) AS "store",
  CAST("batch"."product_id" AS text) AS "product_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM (
  SELECT
    "batch"."store",
    "batch"."product_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_shelf_stock" AS "batch"
  GROUP BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_shelf_stock" AS "batch"
  ON "batch"."store" = "facts"."store"
    AND "batch"."product_id" = "facts"."product_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp."stage_shelf_stock" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."in_stock" IS DISTINCT FROM "earlier"."in_stock"
  OR "batch"."price" IS DISTINCT FROM "earlier"."price"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_shelf_stock" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "shelf_stock_latest" AS "nothing"
WHERE 0 = 1;

-- count rows of shelf_stock that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."in_stock" IS DISTINCT FROM "history"."in_stock" OR "batch"."price" IS DISTINCT FROM "history"."price" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_shelf_stock" AS "batch"
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
  CAST("batch"."store" AS text) AS "store",
  CAST("batch"."product_id" AS text) AS "product_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM temp."stage_shelf_stock" AS "batch"
JOIN "shelf_stock_history" AS "history"
  ON "batch"."store" = "history"."store"
    AND "batch"."product_id" = "history"."product_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."in_stock" IS DISTINCT FROM "history"."in_stock"
  OR "batch"."price" IS DISTINCT FROM "history"."price"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_shelf_stock" AS "batch"
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
FROM temp."stage_shelf_stock" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."store", "batch"."product_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
    FROM temp."stage_shelf_stock" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to shelf_stock, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_shelf_stock" AS "batch"
LEFT JOIN "shelf_stock_latest" AS "latest"
  ON "latest"."store" = "batch"."store"
    AND "latest"."product_id" = "batch"."product_id";

-- count keys of shelf_stock that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_shelf_stock_newest" AS "newest"
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
FROM temp."stage_shelf_stock" AS "batch"
ORDER BY "batch"."store", "batch"."product_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "shelf_stock_latest" AS "stored" ("store", "product_id", "feature_timestamp", "created_timestamp", "in_stock", "price", "published_timestamp")
SELECT
  "newest"."store",
  "newest"."product_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."in_stock",
  "newest"."price",
  (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') AS "published_timestamp"
FROM temp."stage_shelf_stock_newest" AS "newest"
ORDER BY "newest"."store", "newest"."product_id"
ON CONFLICT ("store", "product_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "in_stock" = "excluded"."in_stock",
  "price" = "excluded"."price",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_shelf_stock_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_shelf_stock";
