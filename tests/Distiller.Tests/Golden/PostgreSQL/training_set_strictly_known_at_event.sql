-- Training set: orders as of event_timestamp, strictly before, known at each row's instant, with customer_balance, customer_tier.
-- customer_balance: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
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
    "history"."known_instant",
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
    GREATEST(CAST(EXTRACT(EPOCH FROM "history"."valid_instant") * 1000000 AS bigint) + 1, COALESCE(CAST(EXTRACT(EPOCH FROM "history"."known_instant") * 1000000 AS bigint), CAST(EXTRACT(EPOCH FROM "history"."valid_instant") * 1000000 AS bigint) + 1)) AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS bigint) AS "spine_row"
  FROM "customer_tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    CAST(EXTRACT(EPOCH FROM "numbered_spine"."event_timestamp") * 1000000 AS bigint),
    1,
    CAST(NULL AS bigint),
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
  "customer_balance"."balance" AS "customer_balance__balance",
  "customer_balance"."segment" AS "customer_balance__segment",
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
    "spine"."returned",
    "spine"."spine_row"
  FROM "numbered_spine" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."event_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."balance",
    "history"."segment",
    "history"."feature_timestamp"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" < "spine"."event_timestamp"
    AND "history"."created_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_balance"
  ON "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp"
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
