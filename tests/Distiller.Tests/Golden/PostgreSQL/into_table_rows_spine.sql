-- Training set: rows in memory as of event_timestamp, with customer_spend.
-- customer_spend: LATERAL, because the history's index finds a key's newest row before an instant in one probe.

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
  (CAST('1' AS bigint), CAST('10' AS bigint), TIMESTAMPTZ '1970-01-01 00:00:00.000000+00', NULL);

-- write the training set as train_new
CREATE TABLE "train_new" AS
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."event_timestamp",
  "spine"."note",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip"
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
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    "history"."feature_timestamp"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_spend"
  ON TRUE;

-- drop the spine's temporary table
DROP TABLE IF EXISTS pg_temp."distiller_spine";
