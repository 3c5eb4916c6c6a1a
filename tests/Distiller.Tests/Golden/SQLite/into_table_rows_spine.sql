-- Training set: rows in memory as of event_timestamp, with customer_spend.
-- customer_spend: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.

-- a temporary table for the spine
CREATE TEMP TABLE "distiller_spine" (
  "order_id" INTEGER,
  "customer_id" INTEGER,
  "event_timestamp" TEXT,
  "note" TEXT
);

-- load the spine
-- load the rows into distiller_spine: order_id int64, customer_id int64, event_timestamp timestamp, note string
INSERT INTO temp."distiller_spine" VALUES
  (1, 10, '1970-01-01 00:00:00.000000', NULL);

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
    "spine"."note",
    (
      SELECT
        "history".rowid
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_spend__row"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."event_timestamp",
      "spine"."note"
    FROM temp."distiller_spine" AS "spine"
    ORDER BY "spine"."customer_id", "spine"."event_timestamp"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_spend_history" AS "customer_spend"
  ON "customer_spend".rowid = "spine"."customer_spend__row";

-- drop the spine's temporary table
DROP TABLE IF EXISTS temp."distiller_spine";
