-- Training set: orders as of event_timestamp, known at each row's instant, with customer_tier.
-- customer_tier: LATERAL without an index, because the spine's columns are not declared: name them with Columns(...) for one sorted pass instead (pinned).
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
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned"
  FROM "orders" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."event_timestamp"
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."tier",
    "history"."discount",
    "history"."valid_instant"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."valid_instant" <= "spine"."event_timestamp"
    AND ("history"."known_instant" IS NULL OR "history"."known_instant" <= "spine"."event_timestamp")
  ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
  LIMIT 1
) AS "customer_tier"
  ON TRUE;
