-- Refresh of signal_intervals, the intervals of customer_signals: the keys whose history has grown.

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

-- one transaction
BEGIN TRANSACTION;

-- no publisher meanwhile
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_signals_history';

-- the rows of history, counted before they are read
CREATE TEMP TABLE "scd2_customer_signals_seen" AS
SELECT
  COUNT(*) AS "history_rows"
FROM "customer_signals_history" AS "history";

-- rows of history that no publish has noted
SELECT
  "seen"."history_rows" - COALESCE((
    SELECT
      SUM("pending"."appended_rows")
    FROM "signal_intervals_pending" AS "pending"
  ), 0) AS "unexplained"
FROM temp.main."scd2_customer_signals_seen" AS "seen";

-- the keys publishes have noted, and since when their intervals may differ
CREATE TEMP TABLE "scd2_customer_signals_keys" AS
SELECT
  "noted"."customer_id",
  COALESCE(MAX("intervals"."history_rows"), 0) + MAX("noted"."appended_rows") AS "history_rows",
  COUNT("intervals"."valid_from") AS "removed"
FROM (
  SELECT
    "pending"."customer_id",
    SUM("pending"."appended_rows") AS "appended_rows",
    MIN("pending"."first_event") AS "first_event"
  FROM "signal_intervals_pending" AS "pending"
  WHERE "pending"."customer_id" IS NOT NULL
  GROUP BY "pending"."customer_id"
) AS "noted"
LEFT JOIN "signal_intervals" AS "intervals"
  ON "intervals"."customer_id" = "noted"."customer_id"
GROUP BY "noted"."customer_id";

-- rows came by other means, so the keys are found by counting instead (needed only where 'unexplained' is not 0)
DELETE FROM temp.main."scd2_customer_signals_keys" AS "noted";

-- the keys publishes have noted, and those with more or fewer rows of history than their intervals tell, each from its first row on (needed only where 'unexplained' is not 0)
INSERT INTO temp.main."scd2_customer_signals_keys" ("customer_id", "history_rows", "removed")
SELECT
  "counted"."customer_id",
  SUM("counted"."rows_now") AS "history_rows",
  SUM("counted"."intervals") AS "removed"
FROM (
  SELECT
    "history"."customer_id",
    COUNT(*) AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    0 AS "noted"
  FROM "customer_signals_history" AS "history"
  GROUP BY "history"."customer_id"
  UNION ALL
  SELECT
    "intervals"."customer_id",
    0 AS "rows_now",
    MAX("intervals"."history_rows") AS "rows_then",
    COUNT(*) AS "intervals",
    0 AS "noted"
  FROM "signal_intervals" AS "intervals"
  GROUP BY "intervals"."customer_id"
  UNION ALL
  SELECT
    "pending"."customer_id",
    0 AS "rows_now",
    0 AS "rows_then",
    0 AS "intervals",
    1 AS "noted"
  FROM "signal_intervals_pending" AS "pending"
  WHERE "pending"."customer_id" IS NOT NULL
  GROUP BY "pending"."customer_id"
) AS "counted"
GROUP BY "counted"."customer_id"
HAVING SUM("counted"."rows_now") <> SUM("counted"."rows_then")
  OR SUM("counted"."noted") > 0;

-- count the keys, and the intervals that are replaced
SELECT
  COUNT(*) AS "keys",
  COALESCE(SUM("touched"."removed"), 0) AS "removed"
FROM temp.main."scd2_customer_signals_keys" AS "touched";

-- remove these
DELETE FROM "signal_intervals" AS "intervals"
USING temp.main."scd2_customer_signals_keys" AS "touched"
WHERE "intervals"."customer_id" = "touched"."customer_id";

-- write what they are now
INSERT INTO "signal_intervals" ("customer_id", "valid_from", "valid_to", "is_current", "spend_7d", "orders_7d", "vip", "history_rows")
WITH "ranked_rows" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_signals_history" AS "history"
  WHERE "history"."customer_id" IN (
    SELECT
      "touched"."customer_id"
    FROM temp.main."scd2_customer_signals_keys" AS "touched"
  )
),
"carried_rows" AS MATERIALIZED (
  SELECT
    "ranked"."history_row",
    MAX(CASE WHEN "ranked"."spend_7d" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_1_row",
    MAX(CASE WHEN "ranked"."orders_7d" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_2_row",
    MAX(CASE WHEN "ranked"."vip" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_3_row"
  FROM "ranked_rows" AS "ranked"
),
"filled_values" AS MATERIALIZED (
  SELECT
    "filled"."history_row",
    "feature_1"."spend_7d",
    "feature_2"."orders_7d",
    "feature_3"."vip"
  FROM "carried_rows" AS "filled"
  LEFT JOIN "ranked_rows" AS "feature_1"
    ON "feature_1"."history_row" = "filled"."feature_1_row"
  LEFT JOIN "ranked_rows" AS "feature_2"
    ON "feature_2"."history_row" = "filled"."feature_2_row"
  LEFT JOIN "ranked_rows" AS "feature_3"
    ON "feature_3"."history_row" = "filled"."feature_3_row"
)
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN TRUE ELSE FALSE END AS "is_current",
  "history"."spend_7d",
  "history"."orders_7d",
  "history"."vip",
  "history"."history_rows"
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."history_row") AS "next_event",
    ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."history_row") AS "history_rows"
  FROM (
    SELECT
      "ranked"."customer_id",
      "ranked"."feature_timestamp",
      "ranked"."history_row",
      "filled_values"."spend_7d",
      "filled_values"."orders_7d",
      "filled_values"."vip"
    FROM "ranked_rows" AS "ranked"
    JOIN "filled_values"
      ON "filled_values"."history_row" = "ranked"."history_row"
  ) AS "history"
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."feature_timestamp";

-- count it
SELECT
  COUNT(*) AS "written"
FROM "signal_intervals" AS "intervals"
JOIN temp.main."scd2_customer_signals_keys" AS "touched"
  ON "intervals"."customer_id" = "touched"."customer_id";

-- what was noted is taken in
DELETE FROM "signal_intervals_pending" AS "pending";

-- and counted as seen
INSERT INTO "signal_intervals_pending" ("appended_rows")
SELECT
  "seen"."history_rows"
FROM temp.main."scd2_customer_signals_seen" AS "seen";

-- all, or nothing
COMMIT;

-- drop the temporary table of keys
DROP TABLE IF EXISTS temp.main."scd2_customer_signals_keys";

-- drop the temporary count
DROP TABLE IF EXISTS temp.main."scd2_customer_signals_seen";
