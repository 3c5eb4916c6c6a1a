-- Training set: order_times as of at_instant, known at 2026-03-02 08:30:00.123456 UTC, with customer_tier.
-- customer_tier: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.
WITH "numbered_spine" AS MATERIALIZED (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_instant",
    ROW_NUMBER() OVER () AS "spine_row"
  FROM "order_times" AS "spine"
),
"customer_tier_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."valid_microseconds",
    "history"."tier",
    "history"."discount",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_microseconds", "history"."known_microseconds" NULLS FIRST) AS "history_row"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."valid_microseconds" IS NOT NULL
    AND ("history"."known_microseconds" IS NULL OR "history"."known_microseconds" <= 1772440200123456)
),
"customer_tier_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."valid_microseconds" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS INTEGER) AS "spine_row"
  FROM "customer_tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    (unixepoch(substr("numbered_spine"."at_instant", 1, 19)) * 1000000 + CAST(substr("numbered_spine"."at_instant", 21, 6) AS INTEGER)),
    1,
    CAST(NULL AS INTEGER),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."at_instant" IS NOT NULL
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
  "spine"."at_instant",
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
