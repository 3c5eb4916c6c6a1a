-- Refresh of shop.stock_intervals, the intervals of shelf_stock: the keys whose history has grown.

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

-- one transaction
BEGIN TRANSACTION;

-- no publisher meanwhile
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'shelf_stock_history';

-- the rows of history, counted before they are read
CREATE TEMP TABLE "scd2_shelf_stock_seen" AS
SELECT
  COUNT(*) AS "history_rows"
FROM "shelf_stock_history" AS "history";

-- rows of history that no publish has noted
SELECT
  "seen"."history_rows" - COALESCE((
    SELECT
      SUM("pending"."appended_rows")
    FROM "shop"."stock_intervals_pending" AS "pending"
  ), 0) AS "unexplained"
FROM temp.main."scd2_shelf_stock_seen" AS "seen";

-- the keys publishes have noted
CREATE TEMP TABLE "scd2_shelf_stock_keys" AS
SELECT DISTINCT
  "pending"."store",
  "pending"."product_id"
FROM "shop"."stock_intervals_pending" AS "pending"
WHERE "pending"."store" IS NOT NULL;

-- and every key that history has another number of rows of than its intervals tell (needed only where 'unexplained' is not 0)
INSERT INTO temp.main."scd2_shelf_stock_keys" ("store", "product_id")
SELECT
  "counted"."store",
  "counted"."product_id"
FROM (
  SELECT
    "history"."store",
    "history"."product_id",
    COUNT(*) AS "rows_now",
    0 AS "rows_then"
  FROM "shelf_stock_history" AS "history"
  GROUP BY "history"."store", "history"."product_id"
  UNION ALL
  SELECT
    "intervals"."store",
    "intervals"."product_id",
    0,
    MAX("intervals"."history_rows")
  FROM "shop"."stock_intervals" AS "intervals"
  GROUP BY "intervals"."store", "intervals"."product_id"
) AS "counted"
GROUP BY "counted"."store", "counted"."product_id"
HAVING SUM("counted"."rows_now") <> SUM("counted"."rows_then");

-- count them
SELECT
  COUNT(*) AS "keys"
FROM (
  SELECT DISTINCT
    "touched"."store",
    "touched"."product_id"
  FROM temp.main."scd2_shelf_stock_keys" AS "touched"
) AS "touched";

-- count the intervals they had
SELECT
  COUNT(*) AS "removed"
FROM "shop"."stock_intervals" AS "intervals"
WHERE ("intervals"."store", "intervals"."product_id") IN (
  SELECT
    "touched"."store",
    "touched"."product_id"
  FROM temp.main."scd2_shelf_stock_keys" AS "touched"
);

-- remove them
DELETE FROM "shop"."stock_intervals" AS "intervals"
WHERE ("intervals"."store", "intervals"."product_id") IN (
  SELECT
    "touched"."store",
    "touched"."product_id"
  FROM temp.main."scd2_shelf_stock_keys" AS "touched"
);

-- write the intervals they have
INSERT INTO "shop"."stock_intervals" ("store", "product_id", "since", "until", "is_open", "in_stock", "price", "history_rows")
SELECT
  "winners"."store",
  "winners"."product_id",
  "winners"."feature_timestamp" AS "since",
  LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") AS "until",
  CASE WHEN LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") IS NULL THEN TRUE ELSE FALSE END AS "is_open",
  "winners"."in_stock",
  "winners"."price",
  "winners"."history_rows"
FROM (
  SELECT
    "history"."store",
    "history"."product_id",
    "history"."feature_timestamp",
    "history"."in_stock",
    "history"."price",
    CASE WHEN LAG(1) OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") = 1 AND "history"."in_stock" IS NOT DISTINCT FROM LAG("history"."in_stock") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") AND "history"."price" IS NOT DISTINCT FROM LAG("history"."price") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") THEN 0 ELSE 1 END AS "changes",
    MAX("history"."history_rows") OVER (PARTITION BY "history"."store", "history"."product_id") AS "history_rows"
  FROM (
    SELECT
      "history"."store",
      "history"."product_id",
      "history"."feature_timestamp",
      "history"."in_stock",
      "history"."price",
      LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event",
      ROW_NUMBER() OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "history_rows"
    FROM "shelf_stock_history" AS "history"
    WHERE ("history"."store", "history"."product_id") IN (
      SELECT
        "touched"."store",
        "touched"."product_id"
      FROM temp.main."scd2_shelf_stock_keys" AS "touched"
    )
  ) AS "history"
  WHERE "history"."next_event" IS NULL
    OR "history"."next_event" <> "history"."feature_timestamp"
) AS "winners"
WHERE "winners"."changes" = 1;

-- count them
SELECT
  COUNT(*) AS "written"
FROM "shop"."stock_intervals" AS "intervals"
WHERE ("intervals"."store", "intervals"."product_id") IN (
  SELECT
    "touched"."store",
    "touched"."product_id"
  FROM temp.main."scd2_shelf_stock_keys" AS "touched"
);

-- what was noted is taken in
DELETE FROM "shop"."stock_intervals_pending" AS "pending";

-- and counted as seen
INSERT INTO "shop"."stock_intervals_pending" ("appended_rows")
SELECT
  "seen"."history_rows"
FROM temp.main."scd2_shelf_stock_seen" AS "seen";

-- all, or nothing
COMMIT;

-- drop the temporary table of keys
DROP TABLE IF EXISTS temp.main."scd2_shelf_stock_keys";

-- drop the temporary count
DROP TABLE IF EXISTS temp.main."scd2_shelf_stock_seen";
