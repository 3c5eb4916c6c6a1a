-- Refresh of spend_intervals, the intervals of customer_spend: the keys whose history has grown.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_spend_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- one transaction
BEGIN TRANSACTION;

-- no publisher meanwhile
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_spend_history';

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
FROM temp.main."scd2_customer_spend_seen" AS "seen";

-- the keys publishes have noted, and since when their intervals may differ
CREATE TEMP TABLE "scd2_customer_spend_keys" AS
SELECT
  "noted"."customer_id",
  COALESCE(MAX(CASE WHEN "intervals"."valid_from" < "noted"."first_event" THEN "intervals"."valid_from" END), MAX("noted"."first_event")) AS "recomputed_from",
  COALESCE(MAX("intervals"."history_rows"), 0) + MAX("noted"."appended_rows") AS "history_rows",
  SUM(CASE WHEN "intervals"."valid_from" >= "noted"."first_event" THEN 1 ELSE 0 END) + MAX(CASE WHEN "intervals"."valid_from" < "noted"."first_event" THEN 1 ELSE 0 END) AS "removed"
FROM (
  SELECT
    "pending"."customer_id",
    SUM("pending"."appended_rows") AS "appended_rows",
    MIN("pending"."first_event") AS "first_event"
  FROM "spend_intervals_pending" AS "pending"
  WHERE "pending"."customer_id" IS NOT NULL
  GROUP BY "pending"."customer_id"
) AS "noted"
LEFT JOIN "spend_intervals" AS "intervals"
  ON "intervals"."customer_id" = "noted"."customer_id"
GROUP BY "noted"."customer_id";

-- rows came by other means, so the keys are found by counting instead (needed only where 'unexplained' is not 0)
DELETE FROM temp.main."scd2_customer_spend_keys" AS "noted";

-- the keys publishes have noted, and those with more or fewer rows of history than their intervals tell, each from its first row on (needed only where 'unexplained' is not 0)
INSERT INTO temp.main."scd2_customer_spend_keys" ("customer_id", "recomputed_from", "history_rows", "removed")
SELECT
  "counted"."customer_id",
  MIN("counted"."begins") AS "recomputed_from",
  SUM("counted"."rows_now") AS "history_rows",
  SUM("counted"."intervals") AS "removed"
FROM (
  SELECT
    "history"."customer_id",
    COUNT(*) AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    0 AS "noted",
    MIN("history"."feature_timestamp") AS "begins"
  FROM "customer_spend_history" AS "history"
  GROUP BY "history"."customer_id"
  UNION ALL
  SELECT
    "intervals"."customer_id",
    0 AS "rows_now",
    MAX("intervals"."history_rows") AS "rows_then",
    COUNT(*) AS "intervals",
    0 AS "noted",
    MIN("intervals"."valid_from") AS "begins"
  FROM "spend_intervals" AS "intervals"
  GROUP BY "intervals"."customer_id"
  UNION ALL
  SELECT
    "pending"."customer_id",
    0 AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    1 AS "noted",
    MIN("pending"."first_event") AS "begins"
  FROM "spend_intervals_pending" AS "pending"
  WHERE "pending"."customer_id" IS NOT NULL
  GROUP BY "pending"."customer_id"
) AS "counted"
GROUP BY "counted"."customer_id"
HAVING SUM("counted"."rows_now") <> SUM("counted"."rows_then")
  OR SUM("counted"."noted") > 0;

-- count the keys, and the intervals that are replaced
SELECT
  COUNT(*) AS "keys",
  COALESCE(SUM("touched"."removed"), 0) AS "removed"
FROM temp.main."scd2_customer_spend_keys" AS "touched";

-- remove these
DELETE FROM "spend_intervals" AS "intervals"
USING temp.main."scd2_customer_spend_keys" AS "touched"
WHERE "intervals"."customer_id" = "touched"."customer_id"
  AND "intervals"."valid_from" >= "touched"."recomputed_from";

-- write what they are now
INSERT INTO "spend_intervals" ("customer_id", "valid_from", "valid_to", "is_current", "spend_7d", "orders_7d", "vip", "history_rows")
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN TRUE ELSE FALSE END AS "is_current",
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
    "touched"."history_rows"
  FROM "customer_spend_history" AS "history"
  JOIN temp.main."scd2_customer_spend_keys" AS "touched"
    ON "history"."customer_id" = "touched"."customer_id"
      AND "history"."feature_timestamp" >= "touched"."recomputed_from"
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."feature_timestamp";

-- count it
SELECT
  COUNT(*) AS "written"
FROM "spend_intervals" AS "intervals"
JOIN temp.main."scd2_customer_spend_keys" AS "touched"
  ON "intervals"."customer_id" = "touched"."customer_id"
    AND "intervals"."valid_from" >= "touched"."recomputed_from";

-- what was noted is taken in
DELETE FROM "spend_intervals_pending" AS "pending";

-- and counted as seen
INSERT INTO "spend_intervals_pending" ("appended_rows")
SELECT
  "seen"."history_rows"
FROM temp.main."scd2_customer_spend_seen" AS "seen";

-- all, or nothing
COMMIT;

-- drop the temporary table of keys
DROP TABLE IF EXISTS temp.main."scd2_customer_spend_keys";

-- drop the temporary count
DROP TABLE IF EXISTS temp.main."scd2_customer_spend_seen";
