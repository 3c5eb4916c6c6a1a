-- Publish a query to customer_signals_history and customer_signals_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_signals' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the source
CREATE TEMP TABLE "stage_customer_signals" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", now()) AS "created_timestamp",
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
    WHEN CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN CASE WHEN "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."orders_7d" AS integer) <> "batch"."orders_7d" END THEN 'column ''orders_7d'' does not fit int32: ' || CAST("batch"."orders_7d" AS text)
  END AS "problem"
FROM pg_temp."stage_customer_signals" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR CASE WHEN "batch"."orders_7d" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."orders_7d" AS integer) <> "batch"."orders_7d" END
LIMIT 1;

-- count rows of customer_signals that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM pg_temp."stage_customer_signals" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_signals for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
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
  FROM pg_temp."stage_customer_signals" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN pg_temp."stage_customer_signals" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN pg_temp."stage_customer_signals" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."spend_7d" IS DISTINCT FROM "earlier"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "earlier"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "earlier"."vip"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM pg_temp."stage_customer_signals" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM pg_temp."stage_customer_signals" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN;

-- one publisher at a time
LOCK TABLE "customer_signals_latest" IN SHARE ROW EXCLUSIVE MODE;

-- count rows of customer_signals that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d" OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d" OR "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM pg_temp."stage_customer_signals" AS "batch"
JOIN "customer_signals_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_signals" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_signals" AS "bounds"
    );

-- refuse a row of customer_signals that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
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
FROM pg_temp."stage_customer_signals" AS "batch"
JOIN "customer_signals_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_signals" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_signals" AS "bounds"
    )
WHERE "batch"."spend_7d" IS DISTINCT FROM "history"."spend_7d"
  OR "batch"."orders_7d" IS DISTINCT FROM "history"."orders_7d"
  OR "batch"."vip" IS DISTINCT FROM "history"."vip"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM pg_temp."stage_customer_signals" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM pg_temp."stage_customer_signals" AS "batch"
  JOIN "customer_signals_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
      AND "history"."created_timestamp" >= (
        SELECT
          MIN("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_signals" AS "bounds"
      )
      AND "history"."created_timestamp" <= (
        SELECT
          MAX("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_signals" AS "bounds"
      )
);

-- count what is appended to customer_signals, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM pg_temp."stage_customer_signals" AS "batch"
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
FROM pg_temp."stage_customer_signals" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

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
    FROM pg_temp."stage_customer_signals" AS "batch"
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
FROM pg_temp."stage_customer_signals_newest" AS "fresh"
LEFT JOIN "customer_signals_latest" AS "latest"
  ON "latest"."customer_id" = "fresh"."customer_id";

-- bring latest up to date
INSERT INTO "customer_signals_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "spend_7d", "orders_7d", "vip", "spend_7d__at", "orders_7d__at", "vip__at", "published_timestamp")
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
  CASE WHEN "latest"."published_timestamp" IS NULL THEN now() ELSE GREATEST(now(), (TIMESTAMPTZ '1970-01-01 00:00:00+00' + ((CAST(EXTRACT(EPOCH FROM "latest"."published_timestamp") * 1000000 AS bigint) + 1) / 1000000) * INTERVAL '1 second' + ((CAST(EXTRACT(EPOCH FROM "latest"."published_timestamp") * 1000000 AS bigint) + 1) % 1000000) * INTERVAL '1 microsecond')) END AS "published_timestamp"
FROM pg_temp."stage_customer_signals_newest" AS "fresh"
LEFT JOIN "customer_signals_latest" AS "latest"
  ON "latest"."customer_id" = "fresh"."customer_id"
ORDER BY "fresh"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "spend_7d" = "excluded"."spend_7d",
  "orders_7d" = "excluded"."orders_7d",
  "vip" = "excluded"."vip",
  "spend_7d__at" = "excluded"."spend_7d__at",
  "orders_7d__at" = "excluded"."orders_7d__at",
  "vip__at" = "excluded"."vip__at",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" IS DISTINCT FROM "stored"."feature_timestamp"
  OR "excluded"."created_timestamp" IS DISTINCT FROM "stored"."created_timestamp"
  OR "excluded"."spend_7d" IS DISTINCT FROM "stored"."spend_7d"
  OR "excluded"."orders_7d" IS DISTINCT FROM "stored"."orders_7d"
  OR "excluded"."vip" IS DISTINCT FROM "stored"."vip"
  OR "excluded"."spend_7d__at" IS DISTINCT FROM "stored"."spend_7d__at"
  OR "excluded"."orders_7d__at" IS DISTINCT FROM "stored"."orders_7d__at"
  OR "excluded"."vip__at" IS DISTINCT FROM "stored"."vip__at";

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS pg_temp."stage_customer_signals_newest";

-- drop the stage
DROP TABLE IF EXISTS pg_temp."stage_customer_signals";
