-- Events of incoming_events as rows of customer_leaver, each with an event for every feature.
-- Publish a query to customer_leaver_history and customer_leaver_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'customer_leaver' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the events
CREATE TEMP TABLE "events_customer_leaver" AS
SELECT
  ROW_NUMBER() OVER () AS "event_row",
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  "event"."attribute",
  "event"."value"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted');

-- refuse events of customer_leaver that lack something, name no feature, or have a value that does not fit
SELECT
  "event"."event_row",
  CASE
    WHEN "event"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN "event"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "event"."attribute" IS NULL THEN 'column ''attribute'' is NULL'
    WHEN "event"."attribute" = 'deleted' AND "event"."value" IS DISTINCT FROM 'true' THEN 'a tombstone says ''true'', and a row that stands has no event of ''deleted'': ' || COALESCE(CAST("event"."value" AS text), 'NULL')
    WHEN "event"."attribute" = 'vip' AND "event"."value" IS NOT NULL AND "event"."value" !~ '^(true|false)$' THEN 'the value does not fit bool: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'points' AND "event"."value" IS NOT NULL AND CASE WHEN "event"."value" !~ '^(0|-?[1-9][0-9]{0,18})$' THEN TRUE ELSE CAST("event"."value" AS numeric) NOT BETWEEN -2147483648 AND 2147483647 END THEN 'the value does not fit int32: ' || CAST("event"."value" AS text)
  END AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  to_char("event"."feature_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "feature_timestamp",
  to_char("event"."created_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM pg_temp."events_customer_leaver" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
  AND ("event"."customer_id" IS NULL OR "event"."feature_timestamp" IS NULL OR "event"."attribute" IS NULL OR ("event"."attribute" = 'deleted' AND "event"."value" IS DISTINCT FROM 'true') OR ("event"."attribute" = 'vip' AND "event"."value" IS NOT NULL AND "event"."value" !~ '^(true|false)$') OR ("event"."attribute" = 'points' AND "event"."value" IS NOT NULL AND CASE WHEN "event"."value" !~ '^(0|-?[1-9][0-9]{0,18})$' THEN TRUE ELSE CAST("event"."value" AS numeric) NOT BETWEEN -2147483648 AND 2147483647 END))
LIMIT 1;

-- refuse two different values for one fact of customer_leaver
SELECT
  MAX("event"."event_row") AS "event_row",
  'two events tell different values of one fact' AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  to_char("event"."feature_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "feature_timestamp",
  to_char("event"."created_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM pg_temp."events_customer_leaver" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp", "event"."attribute"
HAVING MIN("event"."value") <> MAX("event"."value")
  OR (COUNT("event"."value") > 0 AND COUNT("event"."value") < COUNT(*))
LIMIT 1;

-- refuse a row of customer_leaver without an event for every feature
SELECT
  CAST(NULL AS bigint) AS "event_row",
  ('there is no event for ' || CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'vip' THEN 1 ELSE 0 END) = 0 THEN 'vip' ELSE CASE WHEN SUM(CASE WHEN "facts"."attribute" = 'points' THEN 1 ELSE 0 END) = 0 THEN 'points' ELSE '' END END) || '; write one for every feature, NULL where it has no value, or pivot Sparse()' AS "problem",
  CAST("facts"."customer_id" AS text) AS "customer_id",
  to_char("facts"."feature_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "feature_timestamp",
  to_char("facts"."created_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "created_timestamp"
FROM (
  SELECT DISTINCT
    "event"."customer_id",
    "event"."feature_timestamp",
    "event"."created_timestamp",
    "event"."attribute"
  FROM pg_temp."events_customer_leaver" AS "event"
  WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
) AS "facts"
GROUP BY "facts"."customer_id", "facts"."feature_timestamp", "facts"."created_timestamp"
HAVING COUNT(*) < 2
  AND SUM(CASE WHEN "facts"."attribute" = 'deleted' THEN 1 ELSE 0 END) = 0
LIMIT 1;

-- refuse a tombstone of customer_leaver that has a feature
SELECT
  MAX("event"."event_row") AS "event_row",
  'a tombstone has no features, and this fact has some' AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  to_char("event"."feature_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "feature_timestamp",
  to_char("event"."created_timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "created_timestamp",
  'deleted' AS "attribute"
FROM pg_temp."events_customer_leaver" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp"
HAVING SUM(CASE WHEN "event"."attribute" = 'deleted' THEN 1 ELSE 0 END) > 0
  AND MIN("event"."attribute") <> MAX("event"."attribute")
LIMIT 1;

-- stage the source
CREATE TEMP TABLE "stage_customer_leaver" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", now()) AS "created_timestamp",
  "source"."vip" AS "vip",
  "source"."points" AS "points",
  "source"."deleted"
FROM (
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  CAST(MAX("event"."value") FILTER (WHERE "event"."attribute" = 'vip') AS boolean) AS "vip",
  MAX(CAST("event"."value" AS integer)) FILTER (WHERE "event"."attribute" = 'points') AS "points",
  CASE WHEN SUM(CASE WHEN "event"."attribute" = 'deleted' THEN 1 ELSE 0 END) > 0 THEN TRUE ELSE FALSE END AS "deleted"
FROM pg_temp."events_customer_leaver" AS "event"
WHERE "event"."attribute" IN ('vip', 'points', 'deleted')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp"
) AS "source";

-- refuse rows of customer_leaver without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN CASE WHEN "batch"."points" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."points" AS integer) <> "batch"."points" END THEN 'column ''points'' does not fit int32: ' || CAST("batch"."points" AS text)
  END AS "problem"
FROM pg_temp."stage_customer_leaver" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR CASE WHEN "batch"."customer_id" NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUE ELSE CAST("batch"."customer_id" AS bigint) <> "batch"."customer_id" END
  OR "batch"."feature_timestamp" IS NULL
  OR "batch"."created_timestamp" IS NULL
  OR CASE WHEN "batch"."points" NOT BETWEEN -2147483648 AND 2147483647 THEN TRUE ELSE CAST("batch"."points" AS integer) <> "batch"."points" END
LIMIT 1;

-- count rows of customer_leaver that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM pg_temp."stage_customer_leaver" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of customer_leaver for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."vip" IS DISTINCT FROM "earlier"."vip" THEN 'column ''vip'''
    WHEN "batch"."points" IS DISTINCT FROM "earlier"."points" THEN 'column ''points'''
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
  FROM pg_temp."stage_customer_leaver" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN pg_temp."stage_customer_leaver" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN pg_temp."stage_customer_leaver" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."vip" IS DISTINCT FROM "earlier"."vip"
  OR "batch"."points" IS DISTINCT FROM "earlier"."points"
  OR "batch"."deleted" IS DISTINCT FROM "earlier"."deleted"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM pg_temp."stage_customer_leaver" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM pg_temp."stage_customer_leaver" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN;

-- one publisher at a time
LOCK TABLE "customer_leaver_latest" IN SHARE ROW EXCLUSIVE MODE;

-- count rows of customer_leaver that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" OR "batch"."points" IS DISTINCT FROM "history"."points" OR "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM pg_temp."stage_customer_leaver" AS "batch"
JOIN "customer_leaver_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_leaver" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_leaver" AS "bounds"
    );

-- refuse a row of customer_leaver that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."vip" IS DISTINCT FROM "history"."vip" THEN 'column ''vip'''
    WHEN "batch"."points" IS DISTINCT FROM "history"."points" THEN 'column ''points'''
    WHEN "batch"."deleted" IS DISTINCT FROM "history"."deleted" THEN 'column ''deleted'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM pg_temp."stage_customer_leaver" AS "batch"
JOIN "customer_leaver_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
    AND "history"."created_timestamp" >= (
      SELECT
        MIN("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_leaver" AS "bounds"
    )
    AND "history"."created_timestamp" <= (
      SELECT
        MAX("bounds"."created_timestamp") AS "created_timestamp"
      FROM pg_temp."stage_customer_leaver" AS "bounds"
    )
WHERE "batch"."vip" IS DISTINCT FROM "history"."vip"
  OR "batch"."points" IS DISTINCT FROM "history"."points"
  OR "batch"."deleted" IS DISTINCT FROM "history"."deleted"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM pg_temp."stage_customer_leaver" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM pg_temp."stage_customer_leaver" AS "batch"
  JOIN "customer_leaver_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
      AND "history"."created_timestamp" >= (
        SELECT
          MIN("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_leaver" AS "bounds"
      )
      AND "history"."created_timestamp" <= (
        SELECT
          MAX("bounds"."created_timestamp") AS "created_timestamp"
        FROM pg_temp."stage_customer_leaver" AS "bounds"
      )
);

-- the newest row of each key of customer_leaver
CREATE TEMP TABLE "stage_customer_leaver_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."vip",
  "batch"."points",
  "batch"."deleted"
FROM (
  SELECT
    "batch"."customer_id",
    "batch"."feature_timestamp",
    "batch"."created_timestamp",
    "batch"."vip",
    "batch"."points",
    "batch"."deleted",
    ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
  FROM pg_temp."stage_customer_leaver" AS "batch"
  JOIN (
    SELECT
      "batch"."customer_id",
      MAX("batch"."feature_timestamp") AS "feature_timestamp"
    FROM pg_temp."stage_customer_leaver" AS "batch"
    GROUP BY "batch"."customer_id"
  ) AS "last"
    ON "last"."customer_id" = "batch"."customer_id"
      AND "last"."feature_timestamp" = "batch"."feature_timestamp"
) AS "batch"
WHERE "batch"."newest_first" = 1;

-- count what is appended to customer_leaver, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM pg_temp."stage_customer_leaver" AS "batch"
LEFT JOIN "customer_leaver_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of customer_leaver that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM pg_temp."stage_customer_leaver_newest" AS "newest"
LEFT JOIN "customer_leaver_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "customer_leaver_history" ("customer_id", "feature_timestamp", "created_timestamp", "vip", "points", "deleted")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."vip",
  "batch"."points",
  "batch"."deleted"
FROM pg_temp."stage_customer_leaver" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "customer_leaver_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "vip", "points", "deleted", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."vip",
  "newest"."points",
  "newest"."deleted",
  now() AS "published_timestamp"
FROM pg_temp."stage_customer_leaver_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "vip" = "excluded"."vip",
  "points" = "excluded"."points",
  "deleted" = "excluded"."deleted",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS pg_temp."stage_customer_leaver_newest";

-- drop the stage
DROP TABLE IF EXISTS pg_temp."stage_customer_leaver";

-- drop the staged events
DROP TABLE IF EXISTS pg_temp."events_customer_leaver";
