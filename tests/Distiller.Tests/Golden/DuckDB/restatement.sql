-- Restatement. Training set: orders as of event_timestamp, with customer_spend, customer_tier.
-- Known at 2026-03-02 08:30:00.123456 UTC, and today; changed_1 is customer_spend__spend_7d, changed_2 is customer_spend__vip, changed_3 is customer_tier__tier.
-- now_1: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- now_2: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
WITH "pairs" AS MATERIALIZED (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "then_1__spend_7d",
    "then_1__vip",
    "then_2__tier",
    "now_1__spend_7d",
    "now_1__vip",
    "now_2__tier",
    CASE WHEN "then_1__spend_7d" IS DISTINCT FROM "now_1__spend_7d" OR "then_1__vip" IS DISTINCT FROM "now_1__vip" OR "then_2__tier" IS DISTINCT FROM "now_2__tier" THEN 1 ELSE 0 END AS "differs"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."referrer_id",
      "spine"."store",
      "spine"."product_id",
      "spine"."event_timestamp",
      "spine"."returned",
      "spine"."then_1__spend_7d",
      "spine"."then_1__vip",
      "spine"."then_2__tier",
      "now_1"."spend_7d" AS "now_1__spend_7d",
      "now_1"."vip" AS "now_1__vip",
      "now_2"."tier" AS "now_2__tier"
    FROM (
    SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "then_1"."spend_7d" AS "then_1__spend_7d",
  "then_1"."vip" AS "then_1__vip",
  "then_2"."tier" AS "then_2__tier"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."spend_7d",
    "history"."vip",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
) AS "then_1"
  ON "spine"."customer_id" = "then_1"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "then_1"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."valid_instant",
    CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_instant" IS NOT NULL
    AND ("history"."known_instant" IS NULL OR "history"."known_instant" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00')
) AS "then_2"
  ON "spine"."customer_id" = "then_2"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "then_2"."asof_order"
    ) AS "spine"
    ASOF LEFT JOIN (
      SELECT
        "history"."customer_id",
        "history"."spend_7d",
        "history"."vip",
        "history"."feature_timestamp",
        CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
      FROM "customer_spend_history" AS "history"
    ) AS "now_1"
      ON "spine"."customer_id" = "now_1"."customer_id"
        AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "now_1"."asof_order"
    ASOF LEFT JOIN (
      SELECT
        "history"."customer_id",
        "history"."tier",
        "history"."valid_instant",
        CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
      FROM "tiers" AS "history"
      WHERE "history"."valid_instant" IS NOT NULL
    ) AS "now_2"
      ON "spine"."customer_id" = "now_2"."customer_id"
        AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "now_2"."asof_order"
  ) AS "restated"
),
"totals" AS (
  SELECT
    COUNT(*) AS "rows",
    COALESCE(SUM("differs"), 0) AS "differing",
    COALESCE(SUM(CASE WHEN "then_1__spend_7d" IS DISTINCT FROM "now_1__spend_7d" THEN 1 ELSE 0 END), 0) AS "changed_1",
    COALESCE(SUM(CASE WHEN "then_1__vip" IS DISTINCT FROM "now_1__vip" THEN 1 ELSE 0 END), 0) AS "changed_2",
    COALESCE(SUM(CASE WHEN "then_2__tier" IS DISTINCT FROM "now_2__tier" THEN 1 ELSE 0 END), 0) AS "changed_3"
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
    "then_1__spend_7d",
    "then_1__vip",
    "then_2__tier",
    "now_1__spend_7d",
    "now_1__vip",
    "now_2__tier",
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
  "totals"."changed_2",
  "totals"."changed_3",
  "both_sides"."side",
  "both_sides"."order_id",
  "both_sides"."customer_id",
  "both_sides"."referrer_id",
  "both_sides"."store",
  "both_sides"."product_id",
  "both_sides"."event_timestamp",
  "both_sides"."returned",
  "both_sides"."customer_spend__spend_7d",
  "both_sides"."customer_spend__vip",
  "both_sides"."customer_tier__tier"
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
    "then_1__spend_7d" AS "customer_spend__spend_7d",
    "then_1__vip" AS "customer_spend__vip",
    "then_2__tier" AS "customer_tier__tier"
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
    "now_1__spend_7d" AS "customer_spend__spend_7d",
    "now_1__vip" AS "customer_spend__vip",
    "now_2__tier" AS "customer_tier__tier"
  FROM "first_rows"
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."place", "both_sides"."side_order";
