-- Training set: rows in memory as of event_timestamp, with customer_spend.
-- customer_spend: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.

-- a temporary table for the spine
CREATE TEMP TABLE "distiller_spine" (
  "order_id" BIGINT,
  "customer_id" BIGINT,
  "event_timestamp" TIMESTAMPTZ,
  "note" VARCHAR
);

-- load the spine
-- load the rows into distiller_spine: order_id int64, customer_id int64, event_timestamp timestamp, note string
INSERT INTO temp.main."distiller_spine" VALUES
  (1, 10, TIMESTAMPTZ '2026-02-28 23:00:00.000000+00', 'it''s new'),
  (2, NULL, NULL, NULL);

-- the training set
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."event_timestamp",
  "spine"."note",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip"
FROM temp.main."distiller_spine" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
) AS "customer_spend"
  ON "spine"."customer_id" = "customer_spend"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_spend"."asof_order";

-- drop the spine's temporary table
DROP TABLE IF EXISTS temp.main."distiller_spine";
