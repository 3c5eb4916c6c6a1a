-- Events of incoming_events as rows of readings, a feature without an event NULL.
-- Publish a query to readings_history and readings_latest.
-- Note: a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.
-- Note: the source of 'readings' is taken to keep feature_timestamp as Instant and created_timestamp as Instant.

-- stage the events
CREATE TEMP TABLE "events_readings" AS
SELECT
  ROW_NUMBER() OVER () AS "event_row",
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  "event"."attribute",
  "event"."value"
FROM "incoming_events" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake');

-- refuse events of readings that lack something, name no feature, or have a value that does not fit
SELECT
  "event"."event_row",
  CASE
    WHEN "event"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN "event"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN "event"."attribute" IS NULL THEN 'column ''attribute'' is NULL'
    WHEN "event"."attribute" IN ('heat', 'steps', 'awake') AND "event"."value" IS NULL THEN 'a written NULL cannot be told from an absent event in sparse rows; leave the event out, or pivot dense'
    WHEN "event"."attribute" = 'heat' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 1.7976931348623157e308 END THEN 'the value does not fit float64: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'steps' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value" OR CAST("event"."value" AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647) THEN 'the value does not fit int32: ' || CAST("event"."value" AS text)
    WHEN "event"."attribute" = 'awake' AND "event"."value" IS NOT NULL AND "event"."value" NOT IN ('true', 'false') THEN 'the value does not fit bool: ' || CAST("event"."value" AS text)
  END AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  "event"."feature_timestamp" AS "feature_timestamp",
  "event"."created_timestamp" AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM temp."events_readings" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
  AND ("event"."customer_id" IS NULL OR "event"."feature_timestamp" IS NULL OR "event"."attribute" IS NULL OR ("event"."attribute" IN ('heat', 'steps', 'awake') AND "event"."value" IS NULL) OR ("event"."attribute" = 'heat' AND "event"."value" IS NOT NULL AND CASE WHEN lower("event"."value") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN "event"."value" = '' OR "event"."value" GLOB '*[^-+.0-9eE]*' OR NOT json_valid("event"."value") THEN TRUE ELSE json_type("event"."value") NOT IN ('integer', 'real') OR abs(CAST("event"."value" AS REAL)) > 1.7976931348623157e308 END) OR ("event"."attribute" = 'steps' AND "event"."value" IS NOT NULL AND (CAST(CAST("event"."value" AS INTEGER) AS TEXT) <> "event"."value" OR CAST("event"."value" AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647)) OR ("event"."attribute" = 'awake' AND "event"."value" IS NOT NULL AND "event"."value" NOT IN ('true', 'false')))
LIMIT 1;

-- refuse two different values for one fact of readings
SELECT
  MAX("event"."event_row") AS "event_row",
  'two events tell different values of one fact' AS "problem",
  CAST("event"."customer_id" AS text) AS "customer_id",
  "event"."feature_timestamp" AS "feature_timestamp",
  "event"."created_timestamp" AS "created_timestamp",
  CAST("event"."attribute" AS text) AS "attribute"
FROM temp."events_readings" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp", "event"."attribute"
HAVING MIN("event"."value") <> MAX("event"."value")
  OR (COUNT("event"."value") > 0 AND COUNT("event"."value") < COUNT(*))
LIMIT 1;

-- stage the source
CREATE TEMP TABLE "stage_readings" AS
SELECT
  ROW_NUMBER() OVER () AS "batch_row",
  "source"."customer_id" AS "customer_id",
  "source"."feature_timestamp",
  COALESCE("source"."created_timestamp", '2026-03-02 08:30:00.123456') AS "created_timestamp",
  "source"."heat" AS "heat",
  "source"."steps" AS "steps",
  "source"."awake" AS "awake"
FROM (
SELECT
  "event"."customer_id",
  "event"."feature_timestamp",
  "event"."created_timestamp",
  MAX(CASE "event"."value" COLLATE NOCASE WHEN 'inf' THEN 9e999 WHEN 'infinity' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN '-infinity' THEN -9e999 ELSE CAST("event"."value" AS REAL) END) FILTER (WHERE "event"."attribute" = 'heat') AS "heat",
  MAX(CAST("event"."value" AS INTEGER)) FILTER (WHERE "event"."attribute" = 'steps') AS "steps",
  CASE MAX("event"."value") FILTER (WHERE "event"."attribute" = 'awake') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS "awake"
FROM temp."events_readings" AS "event"
WHERE "event"."attribute" IN ('heat', 'steps', 'awake')
GROUP BY "event"."customer_id", "event"."feature_timestamp", "event"."created_timestamp"
) AS "source";

-- refuse rows of readings without a key or event time, or with a value that does not fit
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."customer_id" IS NULL THEN 'column ''customer_id'' is NULL'
    WHEN (typeof("batch"."customer_id") NOT IN ('null', 'integer')) THEN 'column ''customer_id'' does not fit int64: ' || CAST("batch"."customer_id" AS text)
    WHEN "batch"."feature_timestamp" IS NULL THEN 'column ''feature_timestamp'' is NULL'
    WHEN (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''feature_timestamp'' does not fit timestamp: ' || CAST("batch"."feature_timestamp" AS text)
    WHEN "batch"."created_timestamp" IS NULL THEN 'column ''created_timestamp'' is NULL'
    WHEN (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]') THEN 'column ''created_timestamp'' does not fit timestamp: ' || CAST("batch"."created_timestamp" AS text)
    WHEN (typeof("batch"."heat") NOT IN ('null', 'real', 'integer')) THEN 'column ''heat'' does not fit float64: ' || CAST("batch"."heat" AS text)
    WHEN (typeof("batch"."steps") NOT IN ('null', 'integer') OR "batch"."steps" NOT BETWEEN -2147483648 AND 2147483647) THEN 'column ''steps'' does not fit int32: ' || CAST("batch"."steps" AS text)
    WHEN (typeof("batch"."awake") NOT IN ('null', 'integer') OR "batch"."awake" NOT IN (0, 1)) THEN 'column ''awake'' does not fit bool: ' || CAST("batch"."awake" AS text)
  END AS "problem"
FROM temp."stage_readings" AS "batch"
WHERE "batch"."customer_id" IS NULL
  OR (typeof("batch"."customer_id") NOT IN ('null', 'integer'))
  OR "batch"."feature_timestamp" IS NULL
  OR (typeof("batch"."feature_timestamp") NOT IN ('null', 'text') OR "batch"."feature_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR "batch"."created_timestamp" IS NULL
  OR (typeof("batch"."created_timestamp") NOT IN ('null', 'text') OR "batch"."created_timestamp" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]')
  OR (typeof("batch"."heat") NOT IN ('null', 'real', 'integer'))
  OR (typeof("batch"."steps") NOT IN ('null', 'integer') OR "batch"."steps" NOT BETWEEN -2147483648 AND 2147483647)
  OR (typeof("batch"."awake") NOT IN ('null', 'integer') OR "batch"."awake" NOT IN (0, 1))
LIMIT 1;

-- count rows of readings that repeat within the batch
SELECT
  COALESCE(SUM("facts"."rows_of_fact"), 0) AS "offered",
  COALESCE(SUM("facts"."rows_of_fact" - 1), 0) AS "repeated"
FROM (
  SELECT
    COUNT(*) AS "rows_of_fact"
  FROM temp."stage_readings" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
) AS "facts";

-- refuse two different rows of readings for one customer_id, feature_timestamp, created_timestamp within the batch (needed only where 'repeated' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."heat" IS DISTINCT FROM "earlier"."heat" THEN 'column ''heat'''
    WHEN "batch"."steps" IS DISTINCT FROM "earlier"."steps" THEN 'column ''steps'''
    WHEN "batch"."awake" IS DISTINCT FROM "earlier"."awake" THEN 'column ''awake'''
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
  FROM temp."stage_readings" AS "batch"
  GROUP BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp"
  HAVING COUNT(*) > 1
) AS "facts"
JOIN temp."stage_readings" AS "batch"
  ON "batch"."customer_id" = "facts"."customer_id"
    AND "batch"."feature_timestamp" = "facts"."feature_timestamp"
    AND "batch"."created_timestamp" = "facts"."created_timestamp"
JOIN temp."stage_readings" AS "earlier"
  ON "earlier"."batch_row" = "facts"."first_row"
WHERE "batch"."heat" IS DISTINCT FROM "earlier"."heat"
  OR "batch"."steps" IS DISTINCT FROM "earlier"."steps"
  OR "batch"."awake" IS DISTINCT FROM "earlier"."awake"
LIMIT 1;

-- keep one of rows that repeat (needed only where 'repeated' is not 0)
DELETE FROM temp."stage_readings" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "numbered"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp" ORDER BY "batch"."batch_row") AS "repeat"
    FROM temp."stage_readings" AS "batch"
  ) AS "numbered"
  WHERE "numbered"."repeat" > 1
);

-- one transaction for history and latest
BEGIN IMMEDIATE;

-- one publisher at a time
DELETE FROM "readings_latest" AS "nothing"
WHERE 0 = 1;

-- count rows of readings that history holds already
SELECT
  COUNT(*) AS "present",
  COALESCE(SUM(CASE WHEN "batch"."heat" IS DISTINCT FROM "history"."heat" OR "batch"."steps" IS DISTINCT FROM "history"."steps" OR "batch"."awake" IS DISTINCT FROM "history"."awake" THEN 1 ELSE 0 END), 0) AS "conflicting"
FROM temp."stage_readings" AS "batch"
JOIN "readings_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp";

-- refuse a row of readings that differs from history's for one customer_id, feature_timestamp, created_timestamp (needed only where 'conflicting' is not 0)
SELECT
  "batch"."batch_row",
  CASE
    WHEN "batch"."heat" IS DISTINCT FROM "history"."heat" THEN 'column ''heat'''
    WHEN "batch"."steps" IS DISTINCT FROM "history"."steps" THEN 'column ''steps'''
    WHEN "batch"."awake" IS DISTINCT FROM "history"."awake" THEN 'column ''awake'''
  END AS "problem",
  CAST("batch"."customer_id" AS text) AS "customer_id",
  CAST("batch"."feature_timestamp" AS text) AS "feature_timestamp",
  CAST("batch"."created_timestamp" AS text) AS "created_timestamp"
FROM temp."stage_readings" AS "batch"
JOIN "readings_history" AS "history"
  ON "batch"."customer_id" = "history"."customer_id"
    AND "batch"."feature_timestamp" = "history"."feature_timestamp"
    AND "batch"."created_timestamp" = "history"."created_timestamp"
WHERE "batch"."heat" IS DISTINCT FROM "history"."heat"
  OR "batch"."steps" IS DISTINCT FROM "history"."steps"
  OR "batch"."awake" IS DISTINCT FROM "history"."awake"
LIMIT 1;

-- leave out rows that history holds already (needed only where 'present' is not 0)
DELETE FROM temp."stage_readings" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM temp."stage_readings" AS "batch"
  JOIN "readings_history" AS "history"
    ON "batch"."customer_id" = "history"."customer_id"
      AND "batch"."feature_timestamp" = "history"."feature_timestamp"
      AND "batch"."created_timestamp" = "history"."created_timestamp"
);

-- the newest row of each key of readings
CREATE TEMP TABLE "stage_readings_newest" AS
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."heat",
  "batch"."steps",
  "batch"."awake"
FROM temp."stage_readings" AS "batch"
WHERE "batch"."batch_row" IN (
  SELECT
    "batch"."batch_row"
  FROM (
    SELECT
      "batch"."batch_row",
      ROW_NUMBER() OVER (PARTITION BY "batch"."customer_id" ORDER BY "batch"."feature_timestamp" DESC, "batch"."created_timestamp" DESC) AS "newest_first"
    FROM temp."stage_readings" AS "batch"
  ) AS "batch"
  WHERE "batch"."newest_first" = 1
);

-- count what is appended to readings, and what of it is late
SELECT
  COUNT(*) AS "appended",
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" > "batch"."feature_timestamp" OR ("latest"."feature_timestamp" = "batch"."feature_timestamp" AND "latest"."created_timestamp" > "batch"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "late"
FROM temp."stage_readings" AS "batch"
LEFT JOIN "readings_latest" AS "latest"
  ON "latest"."customer_id" = "batch"."customer_id";

-- count keys of readings that latest gains, and that it moves on
SELECT
  COALESCE(SUM(CASE WHEN "latest"."feature_timestamp" IS NULL THEN 1 ELSE 0 END), 0) AS "inserted",
  COALESCE(SUM(CASE WHEN "newest"."feature_timestamp" > "latest"."feature_timestamp" OR ("newest"."feature_timestamp" = "latest"."feature_timestamp" AND "newest"."created_timestamp" > "latest"."created_timestamp") THEN 1 ELSE 0 END), 0) AS "updated"
FROM temp."stage_readings_newest" AS "newest"
LEFT JOIN "readings_latest" AS "latest"
  ON "latest"."customer_id" = "newest"."customer_id";

-- append to history
INSERT INTO "readings_history" ("customer_id", "feature_timestamp", "created_timestamp", "heat", "steps", "awake")
SELECT
  "batch"."customer_id",
  "batch"."feature_timestamp",
  "batch"."created_timestamp",
  "batch"."heat",
  "batch"."steps",
  "batch"."awake"
FROM temp."stage_readings" AS "batch"
ORDER BY "batch"."customer_id", "batch"."feature_timestamp", "batch"."created_timestamp";

-- bring latest up to date: never back
INSERT INTO "readings_latest" AS "stored" ("customer_id", "feature_timestamp", "created_timestamp", "heat", "steps", "awake", "published_timestamp")
SELECT
  "newest"."customer_id",
  "newest"."feature_timestamp",
  "newest"."created_timestamp",
  "newest"."heat",
  "newest"."steps",
  "newest"."awake",
  (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000') AS "published_timestamp"
FROM temp."stage_readings_newest" AS "newest"
ORDER BY "newest"."customer_id"
ON CONFLICT ("customer_id") DO UPDATE SET
  "feature_timestamp" = "excluded"."feature_timestamp",
  "created_timestamp" = "excluded"."created_timestamp",
  "heat" = "excluded"."heat",
  "steps" = "excluded"."steps",
  "awake" = "excluded"."awake",
  "published_timestamp" = "excluded"."published_timestamp"
WHERE "excluded"."feature_timestamp" > "stored"."feature_timestamp"
  OR ("excluded"."feature_timestamp" = "stored"."feature_timestamp" AND "excluded"."created_timestamp" > "stored"."created_timestamp");

-- both tables, or none
COMMIT;

-- drop the temporary tables
DROP TABLE IF EXISTS temp."stage_readings_newest";

-- drop the stage
DROP TABLE IF EXISTS temp."stage_readings";

-- drop the staged events
DROP TABLE IF EXISTS temp."events_readings";
