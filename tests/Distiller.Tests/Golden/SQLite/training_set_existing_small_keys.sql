-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.
WITH "numbered_spine" AS MATERIALIZED (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    ROW_NUMBER() OVER () AS "spine_row"
  FROM "orders" AS "spine"
),
"customer_tier_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."valid_instant",
    "history"."tier",
    "history"."discount",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_instant", "history"."known_instant" NULLS FIRST) AS "history_row"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."valid_instant" IS NOT NULL
),
"customer_tier_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."valid_instant" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS INTEGER) AS "spine_row"
  FROM "customer_tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    "numbered_spine"."event_timestamp",
    1,
    CAST(NULL AS INTEGER),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."event_timestamp" IS NOT NULL
),
"customer_tier_carried" AS (
  SELECT
    "spine_row",
    MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
  FROM "customer_tier_merged"
)
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
FROM "numbered_spine" AS "spine"
LEFT JOIN (
  SELECT
    "spine_row",
    "history_row"
  FROM "customer_tier_carried"
  WHERE "spine_row" IS NOT NULL
) AS "customer_tier_match"
  ON "customer_tier_match"."spine_row" = "spine"."spine_row"
LEFT JOIN "customer_tier_ranked" AS "customer_tier"
  ON "customer_tier"."history_row" = "customer_tier_match"."history_row";
