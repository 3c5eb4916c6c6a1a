-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    LAST_VALUE("history"."tier" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "tier",
    LAST_VALUE("history"."discount" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "discount",
    "history"."valid_instant",
    "history"."asof_order"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."tier",
      "history"."discount",
      "history"."valid_instant",
      CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
    FROM "tiers" AS "history"
    WHERE "history"."valid_instant" IS NOT NULL
  ) AS "history"
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_tier"."asof_order";
