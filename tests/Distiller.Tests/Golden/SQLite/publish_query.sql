-- Publish a query to customer_balance_history and customer_balance_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_balance' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the source
CREATE TEMP TABLE "stage_customer_balance" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')) AS "created_timestamp",
  CASE WHEN typeof("source"."balance") = 'real' AND "source"."balance" = 0 THEN '0' || '.00' WHEN typeof("source"."balance") = 'real' AND CAST(printf('%.2f', "source"."balance") AS REAL) = "source"."balance" THEN printf('%.2f', "source"."balance") WHEN typeof("source"."balance") IN ('real', 'blob', 'null') OR "source"."balance" = '' OR "source"."balance" GLOB '*[^-.0-9]*' THEN "source"."balance" WHEN instr("source"."balance", '.') = 0 THEN "source"."balance" || '.00' WHEN length(rtrim("source"."balance", '0')) - instr("source"."balance", '.') > 2 THEN "source"."balance" ELSE substr(rtrim("source"."balance", '0') || '00', 1, instr("source"."balance", '.') + 2) END AS "balance",
  "source"."segment" AS "segment"
FROM (
SELECT customer_id, feature_timestamp, created_timestamp, spend_7d AS balance, 'b' AS segment
FROM incoming_spend -- as of last night
) AS "source";

-- refuse rows of customer_balance without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''feature_timestamp'' does not fit timestamp: ' || CAST("batch"."feature_timestamp" AS text)
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''created_timestamp'' does not fit timestamp: ' || CAST("batch"."created_timestamp" AS text)
    WHEN (typeof("batch"."balance") NOT IN ('null', 'text') OR replace(ltrim("batch"."balance", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."balance", '-') GLOB '0[0-9]*' OR instr(substr("batch"."balance", 2), '-') > 0 OR ("batch"."balance" GLOB '-*' AND "batch"."balance" NOT GLOB '*[1-9]*') OR ltrim("batch"."balance", '-') NOT GLOB '[0-9]*.[0-9][0-9]' OR instr(ltrim("batch"."balance", '-'), '.') NOT BETWEEN 2 AND 11 OR length(ltrim("batch"."balance", '-')) - instr(ltrim("batch"."balance", '-'), '.') <> 2) THEN 'column ''balance'' does not fit decimal(12,2): ' || CAST("batch"."balance" AS text)
    WHEN (typeof("batch"."segment") NOT IN ('null', 'text')) THEN 'column ''segment'' does not fit string: ' || CAST("batch"."segment" AS text)
  END AS "problem"
FROM temp."stage_customer_balance" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."feature_timestamp" IS NULL
  OR (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."created_timestamp" IS NULL
  OR (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."balance") NOT IN ('null', 'text') OR replace(ltrim("batch"."balance", '-'), '.', '') GLOB '*[^0-9]*' OR ltrim("batch"."balance", '-') GLOB '0[0-9]*' OR instr(substr("batch"."balance", 2), '-') > 0 OR ("batch"."balance" GLOB '-*' AND "batch"."balance" NOT GLOB '*[1-9]*') OR ltrim("batch"."balance", '-') NOT GLOB '[0-9]*.[0-9][0-9]' OR instr(ltrim("batch"."balance", '-'), '.') NOT BETWEEN 2 AND 11 OR length(ltrim("batch"."balance", '-')) - instr(ltrim("batch"."balance", '-'), '.') <> 2)
  OR (typeof("batch"."segment") NOT IN ('null', 'text'))
LIMIT 1;

-- count rows of customer_balance that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_customer_balance" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_balance for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."balance" IS DISTINCT FROM "earlier"."balance" THEN 'column ''balance'''
    WHEN "batch"."segment" IS DISTINCT FROM "earlier"."segment" THEN 'column ''segment'''
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
  FROM temp."stage_customer_balance" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_customer_balance" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp."stage_customer_balance" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."balance" IS DISTINCT FROM "earlier"."balance"
  OR "batch"."segment" IS DISTINCT FROM "earlier"."segment"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_customer_balance" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_customer_balance" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "customer_balance_latest" AS "nothing"
WHERE 0 = 1;

-- count rows of customer_balance that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."balance" IS DISTINCT FROM "history"."balance" OR "batch"."segment" IS DISTINCT FROM "history"."segment" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_customer_balance" AS "batch"
JOIN "customer_balance_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of customer_balance that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."balance" IS DISTINCT FROM "history"."balance" THEN 'column ''balance'''
    WHEN "batch"."segment" IS DISTINCT FROM "history"."segment" THEN 'column ''segment'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM temp."stage_customer_balance" AS "batch"
JOIN "customer_balance_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."balance" IS DISTINCT FROM "history"."balance"
  OR "batch"."segment" IS DISTINCT FROM "history"."segment"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_customer_balance" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_customer_balance" AS "batch"
  JOIN "customer_balance_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- the newest row of each key of customer_balance
CREATE TEMP TABLE "stage_customer_balance_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."balance",
  "batch"."segment"
FROM temp."stage_customer_balance" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
    FROM temp."stage_customer_balance" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to customer_balance, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_customer_balance" AS "batch"
LEFT JOIN "customer_balance_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_balance that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_customer_balance_newest" AS "newest"
LEFT JOIN "customer_balance_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "customer_balance_history" ("customer_id", "feature_timestamp", "created_timestamp", "balance", "segment")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."balance",
  "batch"."segment"
FROM temp."stage_customer_balance" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "customer_balance_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "balance", "segment", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."balance",
  "newest"."segment",
  (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') AS "published_timestamp"
FROM temp."stage_customer_balance_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "balance" = "excluded"."balance",
  "segment" = "excluded"."segment",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_customer_balance_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_customer_balance";
