-- Publish rows in memory to customer_member_history and customer_member_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_member_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- a temporary table for the batch of customer_member
CREATE TEMP TABLE "stage_customer_member" (
  "batch_row" BIGINT,
  "customer_id" BIGINT,
  "feature_timestamp" TIMESTAMPTZ,
  "created_timestamp" TIMESTAMPTZ,
  "vip" BOOLEAN,
  "deleted" BOOLEAN
);

-- load the batch of customer_member
-- load the rows into stage_customer_member: batch_row int64, customer_id int64, feature_timestamp timestamp, created_timestamp timestamp, vip bool, deleted bool

-- count rows of customer_member that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_customer_member" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_member for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."vip" IS DISTINCT FROM "earlier"."vip" THEN 'column ''vip'''
    WHEN "batch"."deleted" IS DISTINCT FROM "earlier"."deleted" THEN 'column ''deleted'''
  END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp.main."stage_customer_member" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_customer_member" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp.main."stage_customer_member" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."vip" IS DISTINCT FROM "earlier"."vip"
  OR "batch"."deleted" IS DISTINCT FROM "earlier"."deleted"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp.main."stage_customer_member" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_customer_member" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_member_history';

-- count rows of customer_member that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" OR "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_customer_member" AS "batch"
JOIN "customer_member_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of customer_member that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 'column ''vip'''
    WHEN "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 'column ''deleted'''
  END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM temp.main."stage_customer_member" AS "batch"
JOIN "customer_member_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."vip" IS DISTINCT FROM "history"."vip"
  OR "batch"."deleted" IS DISTINCT FROM "history"."deleted"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp.main."stage_customer_member" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_customer_member" AS "batch"
  JOIN "customer_member_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- the newest row of each key of customer_member
CREATE TEMP TABLE "stage_customer_member_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."vip",
  "batch"."deleted"
FROM temp.main."stage_customer_member" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    arg_max("batch"."batch_row", CAST(epoch_us("batch"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("batch"."created_timestamp"), -9223372036854775808)) AS "batch_row"
  FROM temp.main."stage_customer_member" AS "batch"
  GROUP BY "batch"."customer_id"
);

-- count what is appended to customer_member, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_customer_member" AS "batch"
LEFT JOIN "customer_member_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_member that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_customer_member_newest" AS "newest"
LEFT JOIN "customer_member_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "customer_member_history" ("customer_id", "feature_timestamp", "created_timestamp", "vip", "deleted")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."vip",
  "batch"."deleted"
FROM temp.main."stage_customer_member" AS "batch";

-- bring latest up to date: never back
MERGE INTO "customer_member_latest" AS "stored"
USING (
  SELECT
    "newest"."customer_id",
    "newest"."feature_timestamp",
    "newest"."created_timestamp",
    "newest"."vip",
    "newest"."deleted",
    now() AS "published_timestamp"
  FROM temp.main."stage_customer_member_newest" AS "newest"
) AS "incoming"
  ON "stored"."customer_id" = "incoming"."customer_id"
WHEN MATCHED AND ("incoming"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("incoming"."feature_timestamp" = "stored"."feature_timestamp" AND "incoming"."created_timestamp" > "stored"."created_timestamp")) THEN UPDATE SET
  "feature_timestamp" = "incoming"."feature_timestamp",
  "created_timestamp" = "incoming"."created_timestamp",
  "vip" = "incoming"."vip",
  "deleted" = "incoming"."deleted",
  "published_timestamp" = "incoming"."published_timestamp"
WHEN NOT MATCHED THEN INSERT ("customer_id", "feature_timestamp", "created_timestamp", "vip", "deleted", "published_timestamp") VALUES ("incoming"."customer_id", "incoming"."feature_timestamp", "incoming"."created_timestamp", "incoming"."vip", "incoming"."deleted", "incoming"."published_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_customer_member_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_customer_member";
