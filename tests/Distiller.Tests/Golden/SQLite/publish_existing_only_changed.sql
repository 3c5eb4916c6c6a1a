-- Publish incoming_tiers to tier_log and tier_now, only rows that change something.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'tier_log' is taken to keep valid_from as Instant and known_at as Instant.

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
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."valid_from" IS NULL THEN 'column ''valid_from'' is NULL'
    WHEN (typeof("batch"."valid_from") NOT IN ('null', 'text') OR "batch"."valid_from" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''valid_from'' does not fit timestamp: ' || CAST("batch"."valid_from" AS text)
    WHEN (typeof("batch"."known_at") NOT IN ('null', 'text') OR "batch"."known_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''known_at'' does not fit timestamp: ' || CAST("batch"."known_at" AS text)
    WHEN (typeof("batch"."tier") NOT IN ('null', 'text')) THEN 'column ''tier'' does not fit string: ' || CAST("batch"."tier" AS text)
    WHEN (typeof("batch"."points") NOT IN ('null', 'integer')) THEN 'column ''points'' does not fit int64: ' || CAST("batch"."points" AS text)
  END AS "problem"
FROM temp."stage_tier_log" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."valid_from" IS NULL
  OR (typeof("batch"."valid_from") NOT IN ('null', 'text') OR "batch"."valid_from" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."known_at") NOT IN ('null', 'text') OR "batch"."known_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."tier") NOT IN ('null', 'text'))
  OR (typeof("batch"."points") NOT IN ('null', 'integer'))
LIMIT 1;

-- count rows of tier_log that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_tier_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at"
) AS "facts";

-- refuse two different rows of tier_log for one customer_id, valid_from, known_at within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."tier" IS DISTINCT FROM "earlier"."tier" THEN 'column ''tier'''
    WHEN "batch"."points" IS DISTINCT FROM "earlier"."points" THEN 'column ''points'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."valid_from" AS text) AS "valid_from",
  CAST("batch"."known_at" AS text) AS "known_at"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."valid_from",
    "batch"."known_at",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_tier_log" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_tier_log" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."valid_from" = "facts"."valid_from"
    AND "batch"."known_at" IS NOT DISTINCT FROM "facts"."known_at"
JOIN temp."stage_tier_log" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."tier" IS DISTINCT FROM "earlier"."tier"
  OR "batch"."points" IS DISTINCT FROM "earlier"."points"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_tier_log" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "tier_now" AS "nothing"
WHERE 0 = 1;

-- count rows of tier_log that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."tier" IS DISTINCT FROM "history"."tier" OR "batch"."points" IS DISTINCT FROM "history"."points" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_tier_log" AS "batch"
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
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."valid_from" AS text) AS "valid_from",
  CAST("batch"."known_at" AS text) AS "known_at"
FROM temp."stage_tier_log" AS "batch"
JOIN "tier_log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."valid_from" = "history"."valid_from"
    AND "batch"."known_at" IS NOT DISTINCT FROM "history"."known_at"
WHERE "batch"."tier" IS DISTINCT FROM "history"."tier"
  OR "batch"."points" IS DISTINCT FROM "history"."points"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_tier_log" AS "batch"
  JOIN "tier_log" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."valid_from" = "history"."valid_from"
      AND "batch"."known_at" IS NOT DISTINCT FROM "history"."known_at"
);

-- leave out rows that change nothing
DELETE FROM temp."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "merged"."tier",
      "merged"."points",
      "merged"."batch_row",
      LAG(1) OVER (PARTITION BY "merged"."customer_id" ORDER BY "merged"."valid_from", "merged"."known_at" NULLS FIRST) AS "has_before",
      LAG("merged"."tier") OVER (PARTITION BY "merged"."customer_id" ORDER BY "merged"."valid_from", "merged"."known_at" NULLS FIRST) AS "before_1",
      LAG("merged"."points") OVER (PARTITION BY "merged"."customer_id" ORDER BY "merged"."valid_from", "merged"."known_at" NULLS FIRST) AS "before_2"
    FROM (
      SELECT
        "batch"."customer_id",
        "batch"."valid_from",
        "batch"."known_at",
        "batch"."tier",
        "batch"."points",
        "batch"."batch_row"
      FROM temp."stage_tier_log" AS "batch"
      UNION ALL
      SELECT
        "history"."customer_id",
        "history"."valid_from",
        "history"."known_at",
        "history"."tier",
        "history"."points",
        CAST(NULL AS INTEGER) AS "batch_row"
      FROM "tier_log" AS "history"
      WHERE EXISTS (
        SELECT
          1
        FROM temp."stage_tier_log" AS "batch"
        WHERE "batch"."customer_id" = "history"."customer_id"
      )
    ) AS "merged"
  ) AS "numbered"
  WHERE "numbered"."batch_row" IS NOT NULL
    AND "numbered"."has_before" = 1
    AND "numbered"."tier" IS NOT DISTINCT FROM "numbered"."before_1"
    AND "numbered"."points" IS NOT DISTINCT FROM "numbered"."before_2"
);

-- the newest row of each key of tier_log
CREATE TEMP TABLE "stage_tier_log_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."valid_from",
  "batch"."known_at",
  "batch"."tier",
  "batch"."points"
FROM temp."stage_tier_log" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."valid_from" DESC, "batch"."known_at" DESC NULLS LAST) AS "newest_first"
    FROM temp."stage_tier_log" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to tier_log, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."valid_from" > "batch"."valid_from" OR ("latest"."valid_from" = "batch"."valid_from" AND ("latest"."known_at" > "batch"."known_at" OR ("batch"."known_at" IS NULL AND "latest"."known_at" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_tier_log" AS "batch"
LEFT JOIN "tier_now" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of tier_log that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."valid_from" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."valid_from" > "latest"."valid_from" OR ("newest"."valid_from" = "latest"."valid_from" AND ("newest"."known_at" > "latest"."known_at" OR ("latest"."known_at" IS NULL AND "newest"."known_at" IS NOT NULL))) THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_tier_log_newest" AS "newest"
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
FROM temp."stage_tier_log" AS "batch"
ORDER BY "batch"."customer_id", "batch"."valid_from", "batch"."known_at";

-- bring latest up to date: never back
INSERT INTO "tier_now" AS "stored" ("customer_id", "valid_from", "known_at", "tier", "points")
SELECT
  "newest"."customer_id",
  "newest"."valid_from",
  "newest"."known_at",
  "newest"."tier",
  "newest"."points"
FROM temp."stage_tier_log_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "valid_from" = "excluded"."valid_from",
  "known_at" = "excluded"."known_at",
  "tier" = "excluded"."tier",
  "points" = "excluded"."points"
WHERE "excluded"."valid_from" > "stored"."valid_from"
  OR ("excluded"."valid_from" = "stored"."valid_from" AND ("excluded"."known_at" > "stored"."known_at" OR ("stored"."known_at" IS NULL AND "excluded"."known_at" IS NOT NULL)));

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_tier_log_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_tier_log";
