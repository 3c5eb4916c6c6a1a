-- Restatement. Training set: rows in memory as of event_timestamp, with customer_spend.
-- Known at 2026-03-02 08:30:00.123456 UTC, and today; changed_1 is customer_spend__vip.
-- now_1: LATERAL, because the history's index finds a key's newest row before an instant in one probe.

-- a temporary table for the spine
CREATE TEMP TABLE "distiller_spine" (
  "order_id" bigint,
  "customer_id" bigint,
  "event_timestamp" timestamptz,
  "note" text
);

-- load the spine
-- load the rows into distiller_spine: order_id int64, customer_id int64, event_timestamp timestamp, note string
INSERT INTO pg_temp."distiller_spine" VALUES
  (CAST('1' AS bigint), CAST('10' AS bigint), TIMESTAMPTZ '2026-03-02 08:30:00.123456+00', 'it''s new');

-- the rows that differ, as they were known then and as they are known now
WITH "pairs" AS MATERIALIZED (
  SELECT
    "order_id",
    "customer_id",
    "event_timestamp",
    "note",
    "then_1__vip",
    "now_1__vip",
    CASE WHEN "then_1__vip" IS DISTINCT FROM "now_1__vip" THEN 1 ELSE 0 END AS "differs"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."event_timestamp",
      "spine"."note",
      "spine"."then_1__vip",
      "now_1"."vip" AS "now_1__vip"
    FROM (
      SELECT
        "spine"."order_id",
        "spine"."customer_id",
        "spine"."event_timestamp",
        "spine"."note",
        "spine"."then_1__vip"
      FROM (
      SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."event_timestamp",
  "spine"."note",
  "then_1"."vip" AS "then_1__vip"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."event_timestamp",
    "spine"."note"
  FROM pg_temp."distiller_spine" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."event_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."vip",
    "history"."feature_timestamp"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    AND "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "then_1"
  ON TRUE
      ) AS "spine"
      ORDER BY "spine"."customer_id", "spine"."event_timestamp"
      OFFSET 0
    ) AS "spine"
    LEFT JOIN LATERAL (
      SELECT
        "history"."vip",
        "history"."feature_timestamp"
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "now_1"
      ON TRUE
  ) AS "restated"
),
"totals" AS (
  SELECT
    COUNT(*) AS "rows",
    COALESCE(SUM("differs"), 0) AS "differing",
    COALESCE(SUM(CASE WHEN "then_1__vip" IS DISTINCT FROM "now_1__vip" THEN 1 ELSE 0 END), 0) AS "changed_1"
  FROM "pairs"
),
"first_rows" AS (
  SELECT
    "order_id",
    "customer_id",
    "event_timestamp",
    "note",
    "then_1__vip",
    "now_1__vip",
    ROW_NUMBER() OVER (ORDER BY "event_timestamp", "customer_id") AS "place"
  FROM "pairs"
  WHERE "differs" = 1
  ORDER BY "place"
  LIMIT 20
)
SELECT
  "totals"."rows",
  "totals"."differing",
  "totals"."changed_1",
  "both_sides"."side",
  "both_sides"."order_id",
  "both_sides"."customer_id",
  "both_sides"."event_timestamp",
  "both_sides"."note",
  "both_sides"."customer_spend__vip"
FROM "totals"
LEFT JOIN (
  SELECT
    "order_id",
    "customer_id",
    "event_timestamp",
    "note",
    "place",
    'then' AS "side",
    1 AS "side_order",
    "then_1__vip" AS "customer_spend__vip"
  FROM "first_rows"
  UNION ALL
  SELECT
    "order_id",
    "customer_id",
    "event_timestamp",
    "note",
    "place",
    'now' AS "side",
    2 AS "side_order",
    "now_1__vip" AS "customer_spend__vip"
  FROM "first_rows"
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."place", "both_sides"."side_order";

-- drop the spine's temporary table
DROP TABLE IF EXISTS pg_temp."distiller_spine";
