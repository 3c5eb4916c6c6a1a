-- Refresh of shop.stock_intervals, the intervals of shelf_stock: the keys whose history has grown.

-- one transaction
BEGIN IMMEDIATE;

-- no publisher meanwhile
DELETE FROM "shelf_stock_latest" AS "nothing"
WHERE 0 = 1;

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
FROM temp."scd2_shelf_stock_seen" AS "seen";

-- the keys publishes have noted, and since when their intervals may differ
CREATE TEMP TABLE "scd2_shelf_stock_keys" AS
SELECT
  "noted"."store",
  "noted"."product_id",
  COALESCE(MAX(CASE WHEN "intervals"."since" < "noted"."first_event" THEN "intervals"."since" END), MAX("noted"."first_event")) AS "recomputed_from",
  COALESCE(MAX("intervals"."history_rows"), 0) + MAX("noted"."appended_rows") AS "history_rows",
  SUM(CASE WHEN "intervals"."since" >= "noted"."first_event" THEN 1 ELSE 0 END) + MAX(CASE WHEN "intervals"."since" < "noted"."first_event" THEN 1 ELSE 0 END) AS "removed"
FROM (
  SELECT
    "pending"."store",
    "pending"."product_id",
    SUM("pending"."appended_rows") AS "appended_rows",
    MIN("pending"."first_event") AS "first_event"
  FROM "shop"."stock_intervals_pending" AS "pending"
  WHERE "pending"."store" IS NOT NULL
  GROUP BY "pending"."store", "pending"."product_id"
) AS "noted"
LEFT JOIN "shop"."stock_intervals" AS "intervals"
  ON "intervals"."store" = "noted"."store"
    AND "intervals"."product_id" = "noted"."product_id"
GROUP BY "noted"."store", "noted"."product_id";

-- rows came by other means, so the keys are found by counting instead (needed only where 'unexplained' is not 0)
DELETE FROM temp."scd2_shelf_stock_keys" AS "noted";

-- the keys publishes have noted, and those with more or fewer rows of history than their intervals tell, each from its first row on (needed only where 'unexplained' is not 0)
INSERT INTO temp."scd2_shelf_stock_keys" ("store", "product_id", "recomputed_from", "history_rows", "removed")
SELECT
  "counted"."store",
  "counted"."product_id",
  MIN("counted"."begins") AS "recomputed_from",
  SUM("counted"."rows_now") AS "history_rows",
  SUM("counted"."intervals") AS "removed"
FROM (
  SELECT
    "history"."store",
    "history"."product_id",
    COUNT(*) AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    0 AS "noted",
    MIN("history"."feature_timestamp") AS "begins"
  FROM "shelf_stock_history" AS "history"
  GROUP BY "history"."store", "history"."product_id"
  UNION ALL
  SELECT
    "intervals"."store",
    "intervals"."product_id",
    0 AS "rows_now",
    MAX("intervals"."history_rows") AS "rows_then",
    COUNT(*) AS "intervals",
    0 AS "noted",
    MIN("intervals"."since") AS "begins"
  FROM "shop"."stock_intervals" AS "intervals"
  GROUP BY "intervals"."store", "intervals"."product_id"
  UNION ALL
  SELECT
    "pending"."store",
    "pending"."product_id",
    0 AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    1 AS "noted",
    MIN("pending"."first_event") AS "begins"
  FROM "shop"."stock_intervals_pending" AS "pending"
  WHERE "pending"."store" IS NOT NULL
  GROUP BY "pending"."store", "pending"."product_id"
) AS "counted"
GROUP BY "counted"."store", "counted"."product_id"
HAVING SUM("counted"."rows_now") <> SUM("counted"."rows_then")
  OR SUM("counted"."noted") > 0;

-- count the keys, and the intervals that are replaced
SELECT
  COUNT(*) AS "keys",
  COALESCE(SUM("touched"."removed"), 0) AS "removed"
FROM temp."scd2_shelf_stock_keys" AS "touched";

-- remove these
DELETE FROM "shop"."stock_intervals" AS "intervals"
WHERE ("intervals"."store", "intervals"."product_id", "intervals"."since") IN (
  SELECT
    "intervals"."store",
    "intervals"."product_id",
    "intervals"."since"
  FROM "shop"."stock_intervals" AS "intervals"
  JOIN temp."scd2_shelf_stock_keys" AS "touched"
    ON "intervals"."store" = "touched"."store"
      AND "intervals"."product_id" = "touched"."product_id"
      AND "intervals"."since" >= "touched"."recomputed_from"
);

-- write what they are now
INSERT INTO "shop"."stock_intervals" ("store", "product_id", "since", "until", "is_open", "in_stock", "price", "history_rows")
SELECT
  "winners"."store",
  "winners"."product_id",
  "winners"."feature_timestamp" AS "since",
  LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") AS "until",
  CASE WHEN LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") IS NULL THEN 1 ELSE 0 END AS "is_open",
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
    "history"."history_rows"
  FROM (
    SELECT
      "history"."store",
      "history"."product_id",
      "history"."feature_timestamp",
      "history"."in_stock",
      "history"."price",
      LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event",
      "touched"."history_rows"
    FROM "shelf_stock_history" AS "history"
    JOIN temp."scd2_shelf_stock_keys" AS "touched"
      ON "history"."store" = "touched"."store"
        AND "history"."product_id" = "touched"."product_id"
        AND "history"."feature_timestamp" >= "touched"."recomputed_from"
  ) AS "history"
  WHERE "history"."next_event" IS NULL
    OR "history"."next_event" <> "history"."feature_timestamp"
) AS "winners"
WHERE "winners"."changes" = 1;

-- count it
SELECT
  COUNT(*) AS "written"
FROM "shop"."stock_intervals" AS "intervals"
JOIN temp."scd2_shelf_stock_keys" AS "touched"
  ON "intervals"."store" = "touched"."store"
    AND "intervals"."product_id" = "touched"."product_id"
    AND "intervals"."since" >= "touched"."recomputed_from";

-- what was noted is taken in
DELETE FROM "shop"."stock_intervals_pending" AS "pending";

-- and counted as seen
INSERT INTO "shop"."stock_intervals_pending" ("appended_rows")
SELECT
  "seen"."history_rows"
FROM temp."scd2_shelf_stock_seen" AS "seen";

-- all, or nothing
COMMIT;

-- drop the temporary table of keys
DROP TABLE IF EXISTS temp."scd2_shelf_stock_keys";

-- drop the temporary count
DROP TABLE IF EXISTS temp."scd2_shelf_stock_seen";
