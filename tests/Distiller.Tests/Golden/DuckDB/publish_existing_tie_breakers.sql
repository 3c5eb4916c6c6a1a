-- Publish incoming_ranks to rank_log and rank_now.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'rank_log' is taken to keep valid_from as Date.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'rank_log',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- stage the source
CREATE TEMP TABLE "stage_rank_log" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id",
  "source"."valid_from",
  "source"."rank",
  "source"."version"
FROM "incoming_ranks" AS "source";

-- refuse rows of rank_log without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id") THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS VARCHAR)
    WHEN "batch"."valid_from" IS NULL THEN 'column ''valid_from'' is NULL'
    WHEN ("batch"."version" IS NOT NULL AND TRY_CAST("batch"."version" AS BIGINT) IS DISTINCT FROM "batch"."version") THEN 'column ''version'' does not fit int64: ' || CAST("batch"."version" AS VARCHAR)
  END AS "problem"
FROM temp.main."stage_rank_log" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id")
  OR "batch"."valid_from" IS NULL
  OR ("batch"."version" IS NOT NULL AND TRY_CAST("batch"."version" AS BIGINT) IS DISTINCT FROM "batch"."version")
LIMIT 1;

-- count rows of rank_log that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_rank_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."version"
) AS "facts";

-- refuse two different rows of rank_log for one customer_id, valid_from, version within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."rank" IS DISTINCT FROM "earlier"."rank" THEN 'column ''rank''' END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."valid_from" AS VARCHAR) AS "valid_from",
  CAST("batch"."version" AS VARCHAR) AS "version"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."valid_from",
    "batch"."version",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp.main."stage_rank_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."version"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_rank_log" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."valid_from" = "facts"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "facts"."version"
JOIN temp.main."stage_rank_log" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."rank" IS DISTINCT FROM "earlier"."rank"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp.main."stage_rank_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."valid_from", "batch"."version" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_rank_log" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'rank_log';

-- count rows of rank_log that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."rank" IS DISTINCT FROM "history"."rank" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_rank_log" AS "batch"
JOIN "rank_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "history"."version";

-- refuse a row of rank_log that differs from history's for one customer_id, valid_from, version (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."rank" IS DISTINCT FROM "history"."rank" THEN 'column ''rank''' END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."valid_from" AS VARCHAR) AS "valid_from",
  CAST("batch"."version" AS VARCHAR) AS "version"
FROM temp.main."stage_rank_log" AS "batch"
JOIN "rank_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "history"."version"
WHERE "batch"."rank" IS DISTINCT FROM "history"."rank"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp.main."stage_rank_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_rank_log" AS "batch"
  JOIN "rank_log" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."valid_from" = "history"."valid_from"
      AND "batch"."version" IS NOT DISTINCT FROM "history"."version"
);

-- the newest row of each key of rank_log
CREATE TEMP TABLE "stage_rank_log_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."rank",
  "batch"."version"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."valid_from",
    "batch"."rank",
    "batch"."version",
    ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."valid_from" DESC, "batch"."version" DESC NULLS LAST) AS "newest_first"
  FROM temp.main."stage_rank_log" AS "batch"
  JOIN (
    SELECT
      "batch"."customer_id",
      MAX("batch"."valid_from") AS "valid_from"
    FROM temp.main."stage_rank_log" AS "batch"
    GROUP BY "batch"."customer_id"
  ) AS "last"
    ON "last"."customer_id" = "batch"."customer_id"
      AND "last"."valid_from" = "batch"."valid_from"
) AS "batch"
WHERE "batch"."newest_first" = 1;

-- count what is appended to rank_log, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."valid_from" > "batch"."valid_from" OR ("latest"."valid_from" = "batch"."valid_from" AND ("latest"."version" > "batch"."version" OR ("batch"."version" IS NULL AND "latest"."version" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_rank_log" AS "batch"
LEFT JOIN "rank_now" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of rank_log that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."valid_from" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."valid_from" > "latest"."valid_from" OR ("newest"."valid_from" = "latest"."valid_from" AND ("newest"."version" > "latest"."version" OR ("latest"."version" IS NULL AND "newest"."version" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_rank_log_newest" AS "newest"
LEFT JOIN "rank_now" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "rank_log" ("customer_id", "valid_from", "rank", "version")
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."rank",
  "batch"."version"
FROM temp.main."stage_rank_log" AS "batch";

-- bring latest up to date: never back
MERGE INTO "rank_now" AS "stored"
USING (
  SELECT
    "newest"."customer_id",
    "newest"."valid_from",
    "newest"."rank",
    "newest"."version"
  FROM temp.main."stage_rank_log_newest" AS "newest"
) AS "incoming"
  ON "stored"."customer_id" = "incoming"."customer_id"
WHEN MATCHED AND ("incoming"."valid_from" > "stored"."valid_from"
  OR ("incoming"."valid_from" = "stored"."valid_from" AND ("incoming"."version" > "stored"."version" OR ("stored"."version" IS NULL AND "incoming"."version" IS NOT NULL)))) THEN UPDATE SET
  "valid_from" = "incoming"."valid_from",
  "rank" = "incoming"."rank",
  "version" = "incoming"."version"
WHEN NOT MATCHED THEN INSERT ("customer_id", "valid_from", "rank", "version") VALUES ("incoming"."customer_id", "incoming"."valid_from", "incoming"."rank", "incoming"."version");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_rank_log_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_rank_log";
