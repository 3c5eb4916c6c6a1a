-- Erase keys of shelf from shelf_stock_history, shelf_stock_latest.
-- Note: tables made from these or published from (training sets, staging and event tables), online stores and backups are not reached: erase the keys there. Views of intervals or events follow their history.

-- a temporary table for the keys
CREATE TEMP TABLE "erase_shelf" (
  "store" text,
  "product_id" integer
);

-- load the keys
-- load the rows into erase_shelf: store string, product_id int32
INSERT INTO pg_temp."erase_shelf" VALUES
  ('it''s', CAST('1' AS integer));

-- all tables, or none
BEGIN;

-- one writer at a time
LOCK TABLE "shelf_stock_latest" IN SHARE ROW EXCLUSIVE MODE;

-- count what is erased from shelf_stock_history
SELECT
  COUNT(*) AS "erased"
FROM "shelf_stock_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM pg_temp."erase_shelf" AS "erased"
  WHERE "erased"."store" = "stored"."store"
    AND "erased"."product_id" = "stored"."product_id"
);

-- count what is erased from shelf_stock_latest
SELECT
  COUNT(*) AS "erased"
FROM "shelf_stock_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM pg_temp."erase_shelf" AS "erased"
  WHERE "erased"."store" = "stored"."store"
    AND "erased"."product_id" = "stored"."product_id"
);

-- count the keys
SELECT
  COUNT(*) AS "asked"
FROM (
  SELECT DISTINCT
    "erased"."store",
    "erased"."product_id"
  FROM pg_temp."erase_shelf" AS "erased"
) AS "keys";

-- count the keys that none of the tables has
SELECT
  COUNT(*) AS "missing"
FROM (
  SELECT DISTINCT
    "erased"."store",
    "erased"."product_id"
  FROM pg_temp."erase_shelf" AS "erased"
  WHERE NOT EXISTS (
      SELECT
        1
      FROM "shelf_stock_history" AS "stored"
      WHERE "erased"."store" = "stored"."store"
        AND "erased"."product_id" = "stored"."product_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "shelf_stock_latest" AS "stored"
      WHERE "erased"."store" = "stored"."store"
        AND "erased"."product_id" = "stored"."product_id"
    )
) AS "keys";

-- tell the keys that none of the tables has (needed only where 'missing' is not 0)
SELECT DISTINCT
  "erased"."store",
  "erased"."product_id"
FROM pg_temp."erase_shelf" AS "erased"
WHERE NOT EXISTS (
    SELECT
      1
    FROM "shelf_stock_history" AS "stored"
    WHERE "erased"."store" = "stored"."store"
      AND "erased"."product_id" = "stored"."product_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "shelf_stock_latest" AS "stored"
    WHERE "erased"."store" = "stored"."store"
      AND "erased"."product_id" = "stored"."product_id"
  )
LIMIT 100;

-- erase from shelf_stock_history
DELETE FROM "shelf_stock_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM pg_temp."erase_shelf" AS "erased"
  WHERE "erased"."store" = "stored"."store"
    AND "erased"."product_id" = "stored"."product_id"
);

-- erase from shelf_stock_latest
DELETE FROM "shelf_stock_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM pg_temp."erase_shelf" AS "erased"
  WHERE "erased"."store" = "stored"."store"
    AND "erased"."product_id" = "stored"."product_id"
);

-- all tables, or none
COMMIT;

-- drop the keys' temporary table
DROP TABLE IF EXISTS pg_temp."erase_shelf";
