-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_signals_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- stage the source
-- p1 timestamp: the clock
CREATE TEMP TABLE "stage_customer_signals" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", $p1) AS "created_timestamp",
  "source"."spend_7d" AS "spend_7d",
  "source"."orders_7d" AS "orders_7d",
  "source"."vip" AS "vip"
FROM (
SELECT customer_id, feature_timestamp, created_timestamp, spend_7d, orders_7d, vip FROM incoming_spend
) AS "source";

-- refuse rows of customer_signals without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id") THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS VARCHAR)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN ("batch"."orders_7d" IS NOT NULL AND TRY_CAST("batch"."orders_7d" AS INTEGER) IS DISTINCT FROM "batch"."orders_7d") THEN 'column ''orders_7d'' does not fit int32: ' || CAST("batch"."orders_7d" AS VARCHAR)
  END AS "problem"
FROM temp.main."stage_customer_signals" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR ("batch"."customer_id" IS NOT NULL AND TRY_CAST("batch"."customer_id" AS BIGINT) IS DISTINCT FROM "batch"."customer_id")
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR ("batch"."orders_7d" IS NOT NULL AND TRY_CAST("batch"."orders_7d" AS INTEGER) IS DISTINCT FROM "batch"."orders_7d")
LIMIT 1;

-- count rows of customer_signals that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp.main."stage_customer_signals" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_signals for one customer_id, feature_timestamp, created_timestamp within the batch
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."spend_7d" IS DISTINCT FROM "earlier"."spend_7d" THEN 'column ''spend_7d'''
    WHEN "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "earlier"."vip" THEN 'column ''vip'''
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
  FROM temp.main."stage_customer_signals" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp.main."stage_customer_signals" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp.main."stage_customer_signals" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."spend_7d" IS DISTINCT FROM "earlier"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "earlier"."vip"
LIMIT 1;

-- keep one of rows that repeat
DELETE FROM temp.main."stage_customer_signals" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp.main."stage_customer_signals" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN TRANSACTION;

-- one publisher at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_signals_history';

-- count rows of customer_signals that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d" OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" OR "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp.main."stage_customer_signals" AS "batch"
JOIN "customer_signals_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of customer_signals that differs from history's for one customer_id, feature_timestamp, created_timestamp
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d" THEN 'column ''spend_7d'''
    WHEN "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 'column ''vip'''
  END AS "problem",
  CAST("batch"."customer_id" AS VARCHAR) AS "customer_id",
  CAST("batch"."feature_timestamp" AS VARCHAR) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS VARCHAR) AS "created_timestamp"
FROM temp.main."stage_customer_signals" AS "batch"
JOIN "customer_signals_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "history"."vip"
LIMIT 1;

-- leave out rows that history holds already
DELETE FROM temp.main."stage_customer_signals" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp.main."stage_customer_signals" AS "batch"
  JOIN "customer_signals_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- count what is appended to customer_signals, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp.main."stage_customer_signals" AS "batch"
LEFT JOIN "customer_signals_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- append to history
INSERT INTO "customer_signals_history" ("customer_id", "feature_timestamp", "created_timestamp", "spend_7d", "orders_7d", "vip")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."spend_7d",
  "batch"."orders_7d",
  "batch"."vip"
FROM temp.main."stage_customer_signals" AS "batch";

-- what latest of customer_signals must be for the keys of the batch
CREATE TEMP TABLE "stage_customer_signals_newest" AS
WITH "ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_signals_history" AS "history"
  WHERE EXISTS (
    SELECT
      1
    FROM temp.main."stage_customer_signals" AS "batch"
    WHERE "batch"."customer_id" = "history"."customer_id"
  )
),
"newest_rows" AS MATERIALIZED (
  SELECT
    "customer_id",
    MAX("history_row") AS "history_row",
    MAX(CASE WHEN "spend_7d" IS NOT NULL THEN "history_row" END) AS "feature_1_row",
    MAX(CASE WHEN "orders_7d" IS NOT NULL THEN "history_row" END) AS "feature_2_row",
    MAX(CASE WHEN "vip" IS NOT NULL THEN "history_row" END) AS "feature_3_row"
  FROM "ranked"
  GROUP BY "customer_id"
),
"feature_values" AS MATERIALIZED (
  SELECT
    "newest"."history_row",
    "feature_1"."spend_7d",
    "feature_2"."orders_7d",
    "feature_3"."vip",
    "feature_1"."feature_timestamp" AS "spend_7d__at",
    "feature_2"."feature_timestamp" AS "orders_7d__at",
    "feature_3"."feature_timestamp" AS "vip__at"
  FROM "newest_rows" AS "newest"
  LEFT JOIN "ranked" AS "feature_1"
    ON "feature_1"."history_row" = "newest"."feature_1_row"
  LEFT JOIN "ranked" AS "feature_2"
    ON "feature_2"."history_row" = "newest"."feature_2_row"
  LEFT JOIN "ranked" AS "feature_3"
    ON "feature_3"."history_row" = "newest"."feature_3_row"
)
SELECT
  "row"."customer_id",
  "row"."feature_timestamp",
  "row"."created_timestamp",
  "feature_values"."spend_7d",
  "feature_values"."orders_7d",
  "feature_values"."vip",
  "feature_values"."spend_7d__at",
  "feature_values"."orders_7d__at",
  "feature_values"."vip__at"
FROM "newest_rows" AS "newest"
JOIN "ranked" AS "row"
  ON "row"."history_row" = "newest"."history_row"
JOIN "feature_values"
  ON "feature_values"."history_row" = "newest"."history_row";

-- count keys of customer_signals that latest gains, and that it changes
SELECT
  COALESCE(SUM(CASE WHEN "latest"."published_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN NOT ("latest"."published_timestamp" IS NULL) AND ("fresh"."feature_timestamp" IS DISTINCT FROM "latest"."feature_timestamp" OR "fresh"."created_timestamp" IS DISTINCT FROM "latest"."created_timestamp" OR "fresh"."spend_7d" IS DISTINCT FROM "latest"."spend_7d" OR "fresh"."orders_7d" IS DISTINCT FROM "latest"."orders_7d" OR "fresh"."vip" IS DISTINCT FROM "latest"."vip" OR "fresh"."spend_7d__at" IS DISTINCT FROM "latest"."spend_7d__at" OR "fresh"."orders_7d__at" IS DISTINCT FROM "latest"."orders_7d__at" OR "fresh"."vip__at" IS DISTINCT FROM "latest"."vip__at") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp.main."stage_customer_signals_newest" AS "fresh"
LEFT JOIN "customer_signals_latest" AS "latest"
  ON "latest"."customer_id" = "fresh"."customer_id";

-- bring latest up to date
-- p1 timestamp: the clock
MERGE INTO "customer_signals_latest" AS "stored"
USING (
  SELECT
    "fresh"."customer_id",
    "fresh"."feature_timestamp",
    "fresh"."created_timestamp",
    "fresh"."spend_7d",
    "fresh"."orders_7d",
    "fresh"."vip",
    "fresh"."spend_7d__at",
    "fresh"."orders_7d__at",
    "fresh"."vip__at",
    CASE WHEN "latest"."published_timestamp" IS NULL THEN $p1 ELSE GREATEST($p1, make_timestamptz(epoch_us("latest"."published_timestamp") + 1)) END AS "published_timestamp"
  FROM temp.main."stage_customer_signals_newest" AS "fresh"
  LEFT JOIN "customer_signals_latest" AS "latest"
    ON "latest"."customer_id" = "fresh"."customer_id"
) AS "incoming"
  ON "stored"."customer_id" = "incoming"."customer_id"
WHEN MATCHED AND ("incoming"."feature_timestamp" IS DISTINCT FROM "stored"."feature_timestamp"
  OR "incoming"."created_timestamp" IS DISTINCT FROM "stored"."created_timestamp"
  OR "incoming"."spend_7d" IS DISTINCT FROM "stored"."spend_7d"
  OR "incoming"."orders_7d" IS DISTINCT FROM "stored"."orders_7d"
  OR "incoming"."vip" IS DISTINCT FROM "stored"."vip"
  OR "incoming"."spend_7d__at" IS DISTINCT FROM "stored"."spend_7d__at"
  OR "incoming"."orders_7d__at" IS DISTINCT FROM "stored"."orders_7d__at"
  OR "incoming"."vip__at" IS DISTINCT FROM "stored"."vip__at") THEN UPDATE SET
  "feature_timestamp" = "incoming"."feature_timestamp",
  "created_timestamp" = "incoming"."created_timestamp",
  "spend_7d" = "incoming"."spend_7d",
  "orders_7d" = "incoming"."orders_7d",
  "vip" = "incoming"."vip",
  "spend_7d__at" = "incoming"."spend_7d__at",
  "orders_7d__at" = "incoming"."orders_7d__at",
  "vip__at" = "incoming"."vip__at",
  "published_timestamp" = "incoming"."published_timestamp"
WHEN NOT MATCHED THEN INSERT ("customer_id", "feature_timestamp", "created_timestamp", "spend_7d", "orders_7d", "vip", "spend_7d__at", "orders_7d__at", "vip__at", "published_timestamp") VALUES ("incoming"."customer_id", "incoming"."feature_timestamp", "incoming"."created_timestamp", "incoming"."spend_7d", "incoming"."orders_7d", "incoming"."vip", "incoming"."spend_7d__at", "incoming"."orders_7d__at", "incoming"."vip__at", "incoming"."published_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp.main."stage_customer_signals_newest";

-- drop the stage
DROP TABLE IF EXISTS temp.main."stage_customer_signals";
