-- Training set: order_times as of at_instant, known at each row's instant, with customer_tier.
-- customer_tier: ASOF JOIN on the instant a row had both happened and become known, because each spine row has its own knowledge.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_instant",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "order_times" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    GREATEST(("history"."valid_milliseconds" * 1000), COALESCE(("history"."known_milliseconds" * 1000), ("history"."valid_milliseconds" * 1000))) AS "asof_order",
    arg_max("history".rowid, CAST(("history"."valid_milliseconds" * 1000) AS HUGEINT) * 18446744073709551616 + COALESCE(("history"."known_milliseconds" * 1000), -9223372036854775808)) OVER (PARTITION BY "history"."customer_id" ORDER BY GREATEST(("history"."valid_milliseconds" * 1000), COALESCE(("history"."known_milliseconds" * 1000), ("history"."valid_milliseconds" * 1000)))) AS "winner"
  FROM "tiers" AS "history"
  WHERE "history"."valid_milliseconds" IS NOT NULL
) AS "customer_tier_match"
  ON "spine"."customer_id" = "customer_tier_match"."customer_id"
    AND COALESCE(epoch_us("spine"."at_instant"), -9223372036854775808) >= "customer_tier_match"."asof_order"
LEFT JOIN "tiers" AS "customer_tier"
  ON "customer_tier".rowid = "customer_tier_match"."winner";
