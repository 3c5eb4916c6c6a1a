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
  CASE WHEN (epoch_us("customer_tier"."feature_1_time") + 172800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_tier"."tier" END AS "customer_tier__tier",
  CASE WHEN (epoch_us("customer_tier"."feature_2_time") + 172800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_tier"."discount" END AS "customer_tier__discount"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    LAST_VALUE("history"."tier" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "tier",
    LAST_VALUE("history"."discount" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "discount",
    LAST_VALUE(CASE WHEN "history"."tier" IS NOT NULL THEN "history"."valid_instant" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "feature_1_time",
    LAST_VALUE(CASE WHEN "history"."discount" IS NOT NULL THEN "history"."valid_instant" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."asof_order") AS "feature_2_time",
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
