-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: one sorted pass over spine and history that carries each feature's newest row along.
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
    CASE WHEN "history"."tier" IS NOT NULL THEN "history"."history_row" END AS "feature_1_row",
    CASE WHEN "history"."discount" IS NOT NULL THEN "history"."history_row" END AS "feature_2_row",
    CAST(NULL AS bigint) AS "spine_row"
  FROM "customer_tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    "numbered_spine"."event_timestamp",
    1,
    CAST(NULL AS bigint),
    CAST(NULL AS bigint),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."event_timestamp" IS NOT NULL
),
"customer_tier_carried" AS (
  SELECT
    "spine_row",
    MAX("feature_1_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_1_row",
    MAX("feature_2_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_2_row"
  FROM "customer_tier_merged"
),
"customer_tier_values" AS MATERIALIZED (
  SELECT
    "carried"."spine_row",
    "feature_1"."tier",
    "feature_2"."discount"
  FROM "customer_tier_carried" AS "carried"
  LEFT JOIN "customer_tier_ranked" AS "feature_1"
    ON "feature_1"."history_row" = "carried"."feature_1_row"
  LEFT JOIN "customer_tier_ranked" AS "feature_2"
    ON "feature_2"."history_row" = "carried"."feature_2_row"
  WHERE "carried"."spine_row" IS NOT NULL
)
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_tier_values"."tier" AS "customer_tier__tier",
  "customer_tier_values"."discount" AS "customer_tier__discount"
FROM "numbered_spine" AS "spine"
LEFT JOIN "customer_tier_values"
  ON "customer_tier_values"."spine_row" = "spine"."spine_row";
