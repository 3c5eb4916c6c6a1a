-- Publish incoming_tiers to tier_log and tier_now.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'tier_log' is taken to keep valid_from as Instant and known_at as Instant.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'tier_log',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- stage the source
CREATE TEMP TABLE "stage_tier_log" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id",
  "source"."valid_from",
  "source"."known_at",
  "source"."tier",
  "source"."points"
FROM "incoming_tiers" AS "source";

-- refuse rows of tier_log without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id") THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS VARCHAR)
    WHEN "batch"."valid_from" IS NULL THEN 'column ''valid_from'' is NULL'
    WHEN ("batch"."points" IS NOT NULL AND TRY_CAST("batch"."points" AS BIGINT) IS DISTINCT FROM "batch"."points") THEN 'column ''points'' does not fit int64: ' || CAST("batch"."points" AS VARCHAR)
  END AS "problem"
FROM temp.main."stage_tier_log" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id")
  OR "batch"."valid_from" IS NULL
  OR ("batch"."points" IS NOT NULL AND TRY_CAST("batch"."points" AS BIGINT) IS DISTINCT FROM "batch"."points")
LIMIT 1;

-- count rows of tier_log that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_tier_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at"
) AS "facts";

-- refuse two different rows of tier_log for one customer_id, valid_from, known_at within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."tier" IS DISTINCT FROM "earlier"."tier" THEN 'column ''tier'''
    WHEN "batch"."points" IS DISTINCT FROM "earlier"."points" THEN 'column ''points'''
  END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."valid_from" AS VARCHAR) AS "valid_from",
  CAST("batch"."known_at" AS VARCHAR) AS "known_at"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."valid_from",
    "batch"."known_at",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp.main."stage_tier_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_tier_log" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."valid_from" = "facts"."valid_from"
    AND "batch"."known_at" IS NOT DISTINCT FROM "facts"."known_at"
JOIN temp.main."stage_tier_log" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."tier" IS DISTINCT FROM "earlier"."tier"
  OR "batch"."points" IS DISTINCT FROM "earlier"."points"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp.main."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_tier_log" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'tier_log';

-- count rows of tier_log that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."tier" IS DISTINCT FROM "history"."tier" OR "batch"."points" IS DISTINCT FROM "history"."points" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_tier_log" AS "batch"
JOIN "tier_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."known_at" IS NOT DISTINCT FROM "history"."known_at";

-- refuse a row of tier_log that differs from history's for one customer_id, valid_from, known_at (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."tier" IS DISTINCT FROM "history"."tier" THEN 'column ''tier'''
    WHEN "batch"."points" IS DISTINCT FROM "history"."points" THEN 'column ''points'''
  END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."valid_from" AS VARCHAR) AS "valid_from",
  CAST("batch"."known_at" AS VARCHAR) AS "known_at"
FROM temp.main."stage_tier_log" AS "batch"
JOIN "tier_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."known_at" IS NOT DISTINCT FROM "history"."known_at"
WHERE "batch"."tier" IS DISTINCT FROM "history"."tier"
  OR "batch"."points" IS DISTINCT FROM "history"."points"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp.main."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_tier_log" AS "batch"
  JOIN "tier_log" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."valid_from" = "history"."valid_from"
      AND "batch"."known_at" IS NOT DISTINCT FROM "history"."known_at"
);

-- the newest row of each key of tier_log
CREATE TEMP TABLE "stage_tier_log_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."known_at",
  "batch"."tier",
  "batch"."points"
FROM temp.main."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    arg_max("batch"."batch_row", CAST(epoch_us("batch"."valid_from") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("batch"."known_at"), -9223372036854775808)) AS "batch_row"
  FROM temp.main."stage_tier_log" AS "batch"
  GROUP BY "batch"."customer_id"
);

-- count what is appended to tier_log, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."valid_from" > "batch"."valid_from" OR ("latest"."valid_from" = "batch"."valid_from" AND ("latest"."known_at" > "batch"."known_at" OR ("batch"."known_at" IS NULL AND "latest"."known_at" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_tier_log" AS "batch"
LEFT JOIN "tier_now" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of tier_log that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."valid_from" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."valid_from" > "latest"."valid_from" OR ("newest"."valid_from" = "latest"."valid_from" AND ("newest"."known_at" > "latest"."known_at" OR ("latest"."known_at" IS NULL AND "newest"."known_at" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_tier_log_newest" AS "newest"
LEFT JOIN "tier_now" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "tier_log" ("customer_id", "valid_from", "known_at", "tier", "points")
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."known_at",
  "batch"."tier",
  "batch"."points"
FROM temp.main."stage_tier_log" AS "batch";

-- bring latest up to date: never back
MERGE INTO "tier_now" AS "stored"
USING (
  SELECT
    "newest"."customer_id",
    "newest"."valid_from",
    "newest"."known_at",
    "newest"."tier",
    "newest"."points"
  FROM temp.main."stage_tier_log_newest" AS "newest"
) AS "incoming"
  ON "stored"."customer_id" = "incoming"."customer_id"
WHEN MATCHED AND ("incoming"."valid_from" > "stored"."valid_from"
  OR ("incoming"."valid_from" = "stored"."valid_from" AND ("incoming"."known_at" > "stored"."known_at" OR ("stored"."known_at" IS NULL AND "incoming"."known_at" IS NOT NULL)))) THEN UPDATE SET
  "valid_from" = "incoming"."valid_from",
  "known_at" = "incoming"."known_at",
  "tier" = "incoming"."tier",
  "points" = "incoming"."points"
WHEN NOT MATCHED THEN INSERT ("customer_id", "valid_from", "known_at", "tier", "points") VALUES ("incoming"."customer_id", "incoming"."valid_from", "incoming"."known_at", "incoming"."tier", "incoming"."points");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_tier_log_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_tier_log";
