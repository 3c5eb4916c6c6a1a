-- Publish incoming_ranks to rank_log and rank_now.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'rank_log' is taken to keep valid_from as Date.

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
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."valid_from" IS NULL THEN 'column ''valid_from'' is NULL'
    WHEN (typeof("batch"."valid_from") NOT IN ('null', 'text') OR "batch"."valid_from" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]') THEN 'column ''valid_from'' does not fit time (Date): ' || CAST("batch"."valid_from" AS text)
    WHEN (typeof("batch"."rank") NOT IN ('null', 'text')) THEN 'column ''rank'' does not fit string: ' || CAST("batch"."rank" AS text)
    WHEN (typeof("batch"."version") NOT IN ('null', 'integer')) THEN 'column ''version'' does not fit int64: ' || CAST("batch"."version" AS text)
  END AS "problem"
FROM temp."stage_rank_log" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."valid_from" IS NULL
  OR (typeof("batch"."valid_from") NOT IN ('null', 'text') OR "batch"."valid_from" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
  OR (typeof("batch"."rank") NOT IN ('null', 'text'))
  OR (typeof("batch"."version") NOT IN ('null', 'integer'))
LIMIT 1;

-- count rows of rank_log that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_rank_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."version"
) AS "facts";

-- refuse two different rows of rank_log for one customer_id, valid_from, version within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."rank" IS DISTINCT FROM "earlier"."rank" THEN 'column ''rank''' END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."valid_from" AS text) AS "valid_from",
  CAST("batch"."version" AS text) AS "version"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."valid_from",
    "batch"."version",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_rank_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."version"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_rank_log" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."valid_from" = "facts"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "facts"."version"
JOIN temp."stage_rank_log" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."rank" IS DISTINCT FROM "earlier"."rank"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_rank_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."valid_from", "batch"."version" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_rank_log" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "rank_now" AS "nothing"
WHERE 0 = 1;

-- count rows of rank_log that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."rank" IS DISTINCT FROM "history"."rank" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_rank_log" AS "batch"
JOIN "rank_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "history"."version";

-- refuse a row of rank_log that differs from history's for one customer_id, valid_from, version (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."rank" IS DISTINCT FROM "history"."rank" THEN 'column ''rank''' END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."valid_from" AS text) AS "valid_from",
  CAST("batch"."version" AS text) AS "version"
FROM temp."stage_rank_log" AS "batch"
JOIN "rank_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."version" IS NOT DISTINCT FROM "history"."version"
WHERE "batch"."rank" IS DISTINCT FROM "history"."rank"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_rank_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_rank_log" AS "batch"
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
FROM temp."stage_rank_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."valid_from" DESC, "batch"."version" DESC NULLS LAST) AS "newest_first"
    FROM temp."stage_rank_log" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to rank_log, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."valid_from" > "batch"."valid_from" OR ("latest"."valid_from" = "batch"."valid_from" AND ("latest"."version" > "batch"."version" OR ("batch"."version" IS NULL AND "latest"."version" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_rank_log" AS "batch"
LEFT JOIN "rank_now" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of rank_log that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."valid_from" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."valid_from" > "latest"."valid_from" OR ("newest"."valid_from" = "latest"."valid_from" AND ("newest"."version" > "latest"."version" OR ("latest"."version" IS NULL AND "newest"."version" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_rank_log_newest" AS "newest"
LEFT JOIN "rank_now" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "rank_log" ("customer_id", "valid_from", "rank", "version")
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."rank",
  "batch"."version"
FROM temp."stage_rank_log" AS "batch"
ORDER BY "batch"."customer_id", "batch"."valid_from", "batch"."version";

-- bring latest up to date: never back
INSERT INTO "rank_now" AS "stored" ("customer_id", "valid_from", "rank", "version")
SELECT
  "newest"."customer_id",
  "newest"."valid_from",
  "newest"."rank",
  "newest"."version"
FROM temp."stage_rank_log_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "valid_from" = "excluded"."valid_from",
  "rank" = "excluded"."rank",
  "version" = "excluded"."version"
WHERE "excluded"."valid_from" > "stored"."valid_from"
  OR ("excluded"."valid_from" = "stored"."valid_from" AND ("excluded"."version" > "stored"."version" OR ("stored"."version" IS NULL AND "excluded"."version" IS NOT NULL)));

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_rank_log_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_rank_log";
