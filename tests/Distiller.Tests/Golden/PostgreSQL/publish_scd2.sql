-- Publish incoming_spend to customer_spend_history and customer_spend_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_spend' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the source
CREATE TEMP TABLE "stage_customer_spend" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", now()) AS "created_timestamp",
  "source"."spend_7d" AS "spend_7d",
  "source"."orders_7d" AS "orders_7d",
  "source"."vip" AS "vip"
FROM "incoming_spend" AS "source";

-- refuse rows of customer_spend without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN CASE WHEN "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."orders_7d" AS integer) <> "batch"."orders_7d" END THEN 'column ''orders_7d'' does not fit int32: ' || CAST("batch"."orders_7d" AS text)
  END AS "problem"
FROM pg_temp."stage_customer_spend" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR CASE WHEN "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."orders_7d" AS integer) <> "batch"."orders_7d" END
LIMIT 1;

-- count rows of customer_spend that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM pg_temp."stage_customer_spend" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_spend for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."spend_7d" IS DISTINCT FROM "earlier"."spend_7d" THEN 'column ''spend_7d'''
    WHEN "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "earlier"."vip" THEN 'column ''vip'''
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
  FROM pg_temp."stage_customer_spend" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN pg_temp."stage_customer_spend" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN pg_temp."stage_customer_spend" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."spend_7d" IS DISTINCT FROM "earlier"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "earlier"."vip"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM pg_temp."stage_customer_spend" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM pg_temp."stage_customer_spend" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN;

-- one publisher at a time
LOCK TABLE "customer_spend_latest" IN SHARE ROW EXCLUSIVE MODE;

-- count rows of customer_spend that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d" OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" OR "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM pg_temp."stage_customer_spend" AS "batch"
JOIN "customer_spend_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_spend" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_spend" AS "bounds"
    );

-- refuse a row of customer_spend that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d" THEN 'column ''spend_7d'''
    WHEN "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" THEN 'column ''orders_7d'''
    WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 'column ''vip'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM pg_temp."stage_customer_spend" AS "batch"
JOIN "customer_spend_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_spend" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_spend" AS "bounds"
    )
WHERE "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "history"."vip"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM pg_temp."stage_customer_spend" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM pg_temp."stage_customer_spend" AS "batch"
  JOIN "customer_spend_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
      AND "history"."created_timestamp" >= (
        SELECT
          MIN("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_spend" AS "bounds"
      )
      AND "history"."created_timestamp" <= (
        SELECT
          MAX("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_spend" AS "bounds"
      )
);

-- the newest row of each key of customer_spend
CREATE TEMP TABLE "stage_customer_spend_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."spend_7d",
  "batch"."orders_7d",
  "batch"."vip"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    "batch"."spend_7d",
    "batch"."orders_7d",
    "batch"."vip",
    ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
  FROM pg_temp."stage_customer_spend" AS "batch"
  JOIN (
    SELECT
      "batch"."customer_id",
      MAX("batch"."feature_timestamp") AS "feature_timestamp"
    FROM pg_temp."stage_customer_spend" AS "batch"
    GROUP BY "batch"."customer_id"
  ) AS "last"
    ON "last"."customer_id" = "batch"."customer_id"
      AND "last"."feature_timestamp" = "batch"."feature_timestamp"
) AS "batch"
WHERE "batch"."newest_first" = 1;

-- count what is appended to customer_spend, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM pg_temp."stage_customer_spend" AS "batch"
LEFT JOIN "customer_spend_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_spend that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM pg_temp."stage_customer_spend_newest" AS "newest"
LEFT JOIN "customer_spend_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "customer_spend_history" ("customer_id", "feature_timestamp", "created_timestamp", "spend_7d", "orders_7d", "vip")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."spend_7d",
  "batch"."orders_7d",
  "batch"."vip"
FROM pg_temp."stage_customer_spend" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "customer_spend_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "spend_7d", "orders_7d", "vip", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."spend_7d",
  "newest"."orders_7d",
  "newest"."vip",
  now() AS "published_timestamp"
FROM pg_temp."stage_customer_spend_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "spend_7d" = "excluded"."spend_7d",
  "orders_7d" = "excluded"."orders_7d",
  "vip" = "excluded"."vip",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- note the keys whose intervals are to be recomputed
INSERT INTO "spend_intervals_pending" ("customer_id", "appended_rows", "first_event")
SELECT
  "batch"."customer_id",
  COUNT(*),
  MIN("batch"."feature_timestamp")
FROM pg_temp."stage_customer_spend" AS "batch"
GROUP BY "batch"."customer_id";

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS pg_temp."stage_customer_spend_newest";

-- drop the stage
DROP TABLE IF EXISTS pg_temp."stage_customer_spend";
