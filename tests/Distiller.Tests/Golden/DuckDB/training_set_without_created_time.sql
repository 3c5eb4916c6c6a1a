-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: ASOF JOIN on the event time; rows of equal event time are taken arbitrarily, because the set has neither created time nor tie-breaker.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_tier"."tier" AS "customer_tier__tier"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."valid_instant",
    epoch_us("history"."valid_instant") AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_instant" IS NOT NULL
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "customer_tier"."asof_order";
