-- Training set: orders as of event_timestamp, known at 2026-03-02 08:30:00.123456 UTC, with customer_signals.
-- customer_signals: ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_signals"."vip" AS "customer_signals__vip"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    LAST_VALUE("history"."vip" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "vip",
    "history"."feature_timestamp",
    "history"."asof_order"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."vip",
      "history"."feature_timestamp",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
    FROM "customer_signals_history" AS "history"
    WHERE "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  ) AS "history"
) AS "customer_signals"
  ON "spine"."customer_id" = "customer_signals"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_signals"."asof_order";
