-- Publish a query to shop.Score Log and shop.Score Now.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_score' is taken to keep scored_at as Instant and stored_at as Instant.

-- stage the source
CREATE TEMP TABLE "stage_customer_score" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."scored_at",
  COALESCE("source"."stored_at", (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')) AS "stored_at",
  "source"."score" AS "score"
FROM (
SELECT customer_id, feature_timestamp AS scored_at, created_timestamp AS stored_at, spend_7d AS score FROM incoming_spend
) AS "source";

-- refuse rows of customer_score without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."scored_at" IS NULL THEN 'column ''scored_at'' is NULL'
    WHEN (typeof("batch"."scored_at") NOT IN ('null', 'text') OR "batch"."scored_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''scored_at'' does not fit timestamp: ' || CAST("batch"."scored_at" AS text)
    WHEN "batch"."stored_at" IS NULL THEN 'column ''stored_at'' is NULL'
    WHEN (typeof("batch"."stored_at") NOT IN ('null', 'text') OR "batch"."stored_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''stored_at'' does not fit timestamp: ' || CAST("batch"."stored_at" AS text)
    WHEN (typeof("batch"."score") NOT IN ('null', 'real', 'integer') OR abs("batch"."score") > 3.4028234663852886e38 AND abs("batch"."score") < 9e999) THEN 'column ''score'' does not fit float32: ' || CAST("batch"."score" AS text)
  END AS "problem"
FROM temp."stage_customer_score" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."scored_at" IS NULL
  OR (typeof("batch"."scored_at") NOT IN ('null', 'text') OR "batch"."scored_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."stored_at" IS NULL
  OR (typeof("batch"."stored_at") NOT IN ('null', 'text') OR "batch"."stored_at" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."score") NOT IN ('null', 'real', 'integer') OR abs("batch"."score") > 3.4028234663852886e38 AND abs("batch"."score") < 9e999)
LIMIT 1;

-- count rows of customer_score that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_customer_score" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."scored_at", "batch"."stored_at"
) AS "facts";

-- refuse two different rows of customer_score for one customer_id, scored_at, stored_at within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."score" IS DISTINCT FROM "earlier"."score" THEN 'column ''score''' END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."scored_at" AS text) AS "scored_at",
  CAST("batch"."stored_at" AS text) AS "stored_at"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."scored_at",
    "batch"."stored_at",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_customer_score" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."scored_at", "batch"."stored_at"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_customer_score" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."scored_at" = "facts"."scored_at"
    AND "batch"."stored_at" = "facts"."stored_at"
JOIN temp."stage_customer_score" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."score" IS DISTINCT FROM "earlier"."score"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_customer_score" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."scored_at", "batch"."stored_at" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_customer_score" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "shop"."Score Now" AS "nothing"
WHERE 0 = 1;

-- count rows of customer_score that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."score" IS DISTINCT FROM "history"."score" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_customer_score" AS "batch"
JOIN "shop"."Score Log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."scored_at" = "history"."scored_at"
    AND "batch"."stored_at" = "history"."stored_at";

-- refuse a row of customer_score that differs from history's for one customer_id, scored_at, stored_at (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE WHEN "batch"."score" IS DISTINCT FROM "history"."score" THEN 'column ''score''' END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."scored_at" AS text) AS "scored_at",
  CAST("batch"."stored_at" AS text) AS "stored_at"
FROM temp."stage_customer_score" AS "batch"
JOIN "shop"."Score Log" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."scored_at" = "history"."scored_at"
    AND "batch"."stored_at" = "history"."stored_at"
WHERE "batch"."score" IS DISTINCT FROM "history"."score"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_customer_score" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_customer_score" AS "batch"
  JOIN "shop"."Score Log" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."scored_at" = "history"."scored_at"
      AND "batch"."stored_at" = "history"."stored_at"
);

-- the newest row of each key of customer_score
CREATE TEMP TABLE "stage_customer_score_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."scored_at",
  "batch"."stored_at",
  "batch"."score"
FROM temp."stage_customer_score" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."scored_at" DESC, "batch"."stored_at" DESC) AS "newest_first"
    FROM temp."stage_customer_score" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to customer_score, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."scored_at" > "batch"."scored_at" OR ("latest"."scored_at" = "batch"."scored_at" AND "latest"."stored_at" > "batch"."stored_at") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_customer_score" AS "batch"
LEFT JOIN "shop"."Score Now" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_score that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."scored_at" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."scored_at" > "latest"."scored_at" OR ("newest"."scored_at" = "latest"."scored_at" AND "newest"."stored_at" > "latest"."stored_at") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_customer_score_newest" AS "newest"
LEFT JOIN "shop"."Score Now" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "shop"."Score Log" ("customer_id", "scored_at", "stored_at", "score")
SELECT
  "batch"."customer_id",
  "batch"."scored_at",
  "batch"."stored_at",
  "batch"."score"
FROM temp."stage_customer_score" AS "batch"
ORDER BY "batch"."customer_id", "batch"."scored_at", "batch"."stored_at";

-- bring latest up to date: never back
INSERT INTO "shop"."Score Now" AS "stored" ("customer_id", "scored_at", "stored_at", "score", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."scored_at",
  "newest"."stored_at",
  "newest"."score",
  (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') AS "published_timestamp"
FROM temp."stage_customer_score_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "scored_at" = "excluded"."scored_at",
  "stored_at" = "excluded"."stored_at",
  "score" = "excluded"."score",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."scored_at" > "stored"."scored_at"
  OR ("excluded"."scored_at" = "stored"."scored_at" AND "excluded"."stored_at" > "stored"."stored_at");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_customer_score_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_customer_score";
