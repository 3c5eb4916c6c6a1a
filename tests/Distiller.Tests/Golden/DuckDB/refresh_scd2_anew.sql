-- Refresh of spend_intervals, the intervals of customer_spend: every key anew.

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

-- count the intervals there were
SELECT
  COUNT(*) AS "removed"
FROM "spend_intervals" AS "intervals";

-- remove them
DELETE FROM "spend_intervals" AS "intervals";

-- write the intervals of every key
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
    ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "history_rows"
  FROM "customer_spend_history" AS "history"
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."feature_timestamp";

-- count them
SELECT
  COUNT(*) AS "written"
FROM "spend_intervals" AS "intervals";

-- count their keys
SELECT
  COUNT(*) AS "keys"
FROM (
  SELECT DISTINCT
    "intervals"."customer_id"
  FROM "spend_intervals" AS "intervals"
) AS "intervals";

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
