-- Restatement. Training set: orders as of event_timestamp, with customer_spend.
-- Known at 2026-03-02 08:30:00.123456 UTC, and at 2026-03-03 08:30:00.123456 UTC; changed_1 is vip.
-- now_1: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
WITH "pairs" AS MATERIALIZED (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "then_1__vip",
    "now_1__vip",
    CASE WHEN "then_1__vip" IS DISTINCT FROM "now_1__vip" THEN 1 ELSE 0 END AS "differs"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."referrer_id",
      "spine"."store",
      "spine"."product_id",
      "spine"."event_timestamp",
      "spine"."returned",
      "spine"."then_1__vip",
      "now_1"."vip" AS "now_1__vip"
    FROM (
    SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "then_1"."vip" AS "then_1__vip"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."vip",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
) AS "then_1"
  ON "spine"."customer_id" = "then_1"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "then_1"."asof_order"
    ) AS "spine"
    ASOF LEFT JOIN (
      SELECT
        "history"."customer_id",
        "history"."vip",
        "history"."feature_timestamp",
        CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
      FROM "customer_spend_history" AS "history"
      WHERE "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-03 08:30:00.123456+00'
    ) AS "now_1"
      ON "spine"."customer_id" = "now_1"."customer_id"
        AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "now_1"."asof_order"
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
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "then_1__vip",
    "now_1__vip",
    ROW_NUMBER() OVER (ORDER BY "event_timestamp", "customer_id") AS "place"
  FROM "pairs"
  WHERE "differs" = 1
  ORDER BY "place"
  LIMIT 3
)
SELECT
  "totals"."rows",
  "totals"."differing",
  "totals"."changed_1",
  "both_sides"."side",
  "both_sides"."order_id",
  "both_sides"."customer_id",
  "both_sides"."referrer_id",
  "both_sides"."store",
  "both_sides"."product_id",
  "both_sides"."event_timestamp",
  "both_sides"."returned",
  "both_sides"."vip"
FROM "totals"
LEFT JOIN (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "place",
    'then' AS "side",
    1 AS "side_order",
    "then_1__vip" AS "vip"
  FROM "first_rows"
  UNION ALL
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "place",
    'now' AS "side",
    2 AS "side_order",
    "now_1__vip" AS "vip"
  FROM "first_rows"
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."place", "both_sides"."side_order";
