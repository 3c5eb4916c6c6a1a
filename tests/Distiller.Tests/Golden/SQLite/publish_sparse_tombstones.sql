-- Publish a query to customer_habits_history and customer_habits_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_habits' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the source
CREATE TEMP TABLE "stage_customer_habits" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')) AS "created_timestamp",
  "source"."orders_7d" AS "orders_7d",
  "source"."vip" AS "vip",
  0 AS "deleted"
FROM (
SELECT customer_id, feature_timestamp, created_timestamp, spend_7d, orders_7d, vip FROM incoming_spend
) AS "source";

-- refuse rows of customer_habits without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''feature_timestamp'' does not fit timestamp: ' || CAST("batch"."feature_timestamp" AS text)
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''created_timestamp'' does not fit timestamp: ' || CAST("batch"."created_timestamp" AS text)
    WHEN (typeof("batch"."orders_7d") NOT IN ('null', 'integer') OR "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647) THEN 'column ''orders_7d'' does not fit int32: ' || CAST("batch"."orders_7d" AS text)
    WHEN (typeof("batch"."vip") NOT IN ('null', 'integer') OR "batch"."vip" NOT IN (0, 1)) THEN 'column ''vip'' does not fit bool: ' || CAST("batch"."vip" AS text)
  END AS "problem"
FROM temp."stage_customer_habits" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."feature_timestamp" IS NULL
  OR (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."created_timestamp" IS NULL
  OR (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."orders_7d") NOT IN ('null', 'integer') OR "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647)
  OR (typeof("batch"."vip") NOT IN ('null', 'integer') OR "batch"."vip" NOT IN (0, 1))
LIMIT 1;

-- count rows of customer_habits that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_customer_habits" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_habits for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "earlier"."vip" THEN 'column ''vip'''
    WHEN "batch"."deleted" IS DISTINCT FROM "earlier"."deleted" THEN 'column ''deleted'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    MIN("batch"."batch_row") AS "first_row"
  FROM temp."stage_customer_habits" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_customer_habits" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp."stage_customer_habits" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "earlier"."vip"
  OR "batch"."deleted" IS DISTINCT FROM "earlier"."deleted"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_customer_habits" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_customer_habits" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "customer_habits_latest" AS "nothing"
WHERE 0 = 1;

-- count rows of customer_habits that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" OR "batch"."vip" IS DISTINCT FROM "history"."vip" OR "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_customer_habits" AS "batch"
JOIN "customer_habits_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of customer_habits that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 'column ''vip'''
    WHEN "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 'column ''deleted'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM temp."stage_customer_habits" AS "batch"
JOIN "customer_habits_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "history"."vip"
  OR "batch"."deleted" IS DISTINCT FROM "history"."deleted"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_customer_habits" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_customer_habits" AS "batch"
  JOIN "customer_habits_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- count what is appended to customer_habits, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_customer_habits" AS "batch"
LEFT JOIN "customer_habits_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- append to history
INSERT INTO "customer_habits_history" ("customer_id", "feature_timestamp", "created_timestamp", "orders_7d", "vip", "deleted")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."orders_7d",
  "batch"."vip",
  "batch"."deleted"
FROM temp."stage_customer_habits" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- what latest of customer_habits must be for the keys of the batch
CREATE TEMP TABLE "stage_customer_habits_newest" AS
WITH "ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."orders_7d",
    "history"."vip",
    "history"."deleted",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_habits_history" AS "history"
  WHERE EXISTS (
    SELECT
      1
    FROM temp."stage_customer_habits" AS "batch"
    WHERE "batch"."customer_id" = "history"."customer_id"
  )
),
"newest_rows" AS MATERIALIZED (
  SELECT
    "customer_id",
    MAX("history_row") AS "history_row",
    MAX(CASE WHEN "orders_7d" IS NOT NULL OR "deleted" THEN "history_row" END) AS "feature_1_row",
    MAX(CASE WHEN "vip" IS NOT NULL OR "deleted" THEN "history_row" END) AS "feature_2_row"
  FROM "ranked"
  GROUP BY "customer_id"
),
"feature_values" AS MATERIALIZED (
  SELECT
    "newest"."history_row",
    "feature_1"."orders_7d",
    "feature_2"."vip",
    CASE WHEN "feature_1"."orders_7d" IS NOT NULL THEN "feature_1"."feature_timestamp" END AS "orders_7d__at",
    CASE WHEN "feature_2"."vip" IS NOT NULL THEN "feature_2"."feature_timestamp" END AS "vip__at"
  FROM "newest_rows" AS "newest"
  LEFT JOIN "ranked" AS "feature_1"
    ON "feature_1"."history_row" = "newest"."feature_1_row"
  LEFT JOIN "ranked" AS "feature_2"
    ON "feature_2"."history_row" = "newest"."feature_2_row"
)
SELECT
  "row"."customer_id",
  "row"."feature_timestamp",
  "row"."created_timestamp",
  "feature_values"."orders_7d",
  "feature_values"."vip",
  "row"."deleted",
  "feature_values"."orders_7d__at",
  "feature_values"."vip__at"
FROM "newest_rows" AS "newest"
JOIN "ranked" AS "row"
  ON "row"."history_row" = "newest"."history_row"
JOIN "feature_values"
  ON "feature_values"."history_row" = "newest"."history_row";

-- count keys of customer_habits that latest gains, and that it changes
SELECT
  COALESCE(SUM(CASE WHEN "latest"."published_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN NOT ("latest"."published_timestamp" IS NULL) AND ("fresh"."feature_timestamp" IS DISTINCT FROM "latest"."feature_timestamp" OR "fresh"."created_timestamp" IS DISTINCT FROM "latest"."created_timestamp" OR "fresh"."orders_7d" IS DISTINCT FROM "latest"."orders_7d" OR "fresh"."vip" IS DISTINCT FROM "latest"."vip" OR "fresh"."deleted" IS DISTINCT FROM "latest"."deleted" OR "fresh"."orders_7d__at" IS DISTINCT FROM "latest"."orders_7d__at" OR "fresh"."vip__at" IS DISTINCT FROM "latest"."vip__at") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_customer_habits_newest" AS "fresh"
LEFT JOIN "customer_habits_latest" AS "latest"
  ON "latest"."customer_id" = "fresh"."customer_id";

-- bring latest up to date
INSERT INTO "customer_habits_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "orders_7d", "vip", "deleted", "orders_7d__at", "vip__at", "published_timestamp")
SELECT
  "fresh"."customer_id",
  "fresh"."feature_timestamp",
  "fresh"."created_timestamp",
  "fresh"."orders_7d",
  "fresh"."vip",
  "fresh"."deleted",
  "fresh"."orders_7d__at",
  "fresh"."vip__at",
  CASE WHEN "latest"."published_timestamp" IS NULL THEN (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') ELSE MAX((strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'), (strftime('%Y-%m-%d %H:%M:%S', (((unixepoch(substr("latest"."published_timestamp", 1, 19)) * 1000000 + CAST(substr("latest"."published_timestamp", 21, 6) AS INTEGER)) + 1) - (((((unixepoch(substr("latest"."published_timestamp", 1, 19)) * 1000000 + CAST(substr("latest"."published_timestamp", 21, 6) AS INTEGER)) + 1) % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || (((((unixepoch(substr("latest"."published_timestamp", 1, 19)) * 1000000 + CAST(substr("latest"."published_timestamp", 21, 6) AS INTEGER)) + 1) % 1000000) + 1000000) % 1000000), -6))) END AS "published_timestamp"
FROM temp."stage_customer_habits_newest" AS "fresh"
LEFT JOIN "customer_habits_latest" AS "latest"
  ON "latest"."customer_id" = "fresh"."customer_id"
ORDER BY "fresh"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "orders_7d" = "excluded"."orders_7d",
  "vip" = "excluded"."vip",
  "deleted" = "excluded"."deleted",
  "orders_7d__at" = "excluded"."orders_7d__at",
  "vip__at" = "excluded"."vip__at",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" IS DISTINCT FROM "stored"."feature_timestamp"
  OR "excluded"."created_timestamp" IS DISTINCT FROM "stored"."created_timestamp"
  OR "excluded"."orders_7d" IS DISTINCT FROM "stored"."orders_7d"
  OR "excluded"."vip" IS DISTINCT FROM "stored"."vip"
  OR "excluded"."deleted" IS DISTINCT FROM "stored"."deleted"
  OR "excluded"."orders_7d__at" IS DISTINCT FROM "stored"."orders_7d__at"
  OR "excluded"."vip__at" IS DISTINCT FROM "stored"."vip__at";

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_customer_habits_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_customer_habits";
