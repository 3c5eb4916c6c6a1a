-- Refresh of spend_intervals, the intervals of customer_spend: the keys whose history has grown.

-- one transaction
BEGIN IMMEDIATE;

-- no publisher meanwhile
DELETE FROM "customer_spend_latest" AS "nothing"
WHERE 0 = 1;

-- the rows of history, counted before they are read
CREATE TEMP TABLE "scd2_customer_spend_seen" AS
SELECT
  COUNT(*) AS "history_rows"
FROM "customer_spend_history" AS "history";

-- rows of history that no publish has noted
SELECT
  "seen"."history_rows" - COALESCE((
    SELECT
      SUM("pending"."appended_rows")
    FROM "spend_intervals_pending" AS "pending"
  ), 0) AS "unexplained"
FROM temp."scd2_customer_spend_seen" AS "seen";

-- the keys publishes have noted
CREATE TEMP TABLE "scd2_customer_spend_keys" AS
SELECT DISTINCT
  "pending"."customer_id"
FROM "spend_intervals_pending" AS "pending"
WHERE "pending"."customer_id" IS NOT NULL;

-- and every key that history has another number of rows of than its intervals tell (needed only where 'unexplained' is not 0)
INSERT INTO temp."scd2_customer_spend_keys" ("customer_id")
SELECT
  "counted"."customer_id"
FROM (
  SELECT
    "history"."customer_id",
    COUNT(*) AS "rows_now",
    0 AS "rows_then"
  FROM "customer_spend_history" AS "history"
  GROUP BY "history"."customer_id"
  UNION ALL
  SELECT
    "intervals"."customer_id",
    0,
    MAX("intervals"."history_rows")
  FROM "spend_intervals" AS "intervals"
  GROUP BY "intervals"."customer_id"
) AS "counted"
GROUP BY "counted"."customer_id"
HAVING SUM("counted"."rows_now") <> SUM("counted"."rows_then");

-- count them
SELECT
  COUNT(*) AS "keys"
FROM (
  SELECT DISTINCT
    "touched"."customer_id"
  FROM temp."scd2_customer_spend_keys" AS "touched"
) AS "touched";

-- count the intervals they had
SELECT
  COUNT(*) AS "removed"
FROM "spend_intervals" AS "intervals"
WHERE "intervals"."customer_id" IN (
  SELECT
    "touched"."customer_id"
  FROM temp."scd2_customer_spend_keys" AS "touched"
);

-- remove them
DELETE FROM "spend_intervals" AS "intervals"
WHERE "intervals"."customer_id" IN (
  SELECT
    "touched"."customer_id"
  FROM temp."scd2_customer_spend_keys" AS "touched"
);

-- write the intervals they have
INSERT INTO "spend_intervals" ("customer_id", "valid_from", "valid_to", "is_current", "spend_7d", "orders_7d", "vip", "history_rows")
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN 1 ELSE 0 END AS "is_current",
  "history"."spend_7d",
  "history"."orders_7d",
  "history"."vip",
  "history"."history_rows"
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event",
    ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "history_rows"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" IN (
    SELECT
      "touched"."customer_id"
    FROM temp."scd2_customer_spend_keys" AS "touched"
  )
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."feature_timestamp";

-- count them
SELECT
  COUNT(*) AS "written"
FROM "spend_intervals" AS "intervals"
WHERE "intervals"."customer_id" IN (
  SELECT
    "touched"."customer_id"
  FROM temp."scd2_customer_spend_keys" AS "touched"
);

-- what was noted is taken in
DELETE FROM "spend_intervals_pending" AS "pending";

-- and counted as seen
INSERT INTO "spend_intervals_pending" ("appended_rows")
SELECT
  "seen"."history_rows"
FROM temp."scd2_customer_spend_seen" AS "seen";

-- all, or nothing
COMMIT;

-- drop the temporary table of keys
DROP TABLE IF EXISTS temp."scd2_customer_spend_keys";

-- drop the temporary count
DROP TABLE IF EXISTS temp."scd2_customer_spend_seen";
