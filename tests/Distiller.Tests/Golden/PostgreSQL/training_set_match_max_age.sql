-- Training set: orders as of event_timestamp, with customer_balance, tier.
-- customer_balance: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
-- tier: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.
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
"tier_ranked" AS MATERIALIZED (
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
"tier_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."valid_instant" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS bigint) AS "spine_row"
  FROM "tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    "numbered_spine"."event_timestamp",
    1,
    CAST(NULL AS bigint),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."event_timestamp" IS NOT NULL
),
"tier_carried" AS (
  SELECT
    "spine_row",
    MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
  FROM "tier_merged"
)
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp" THEN "customer_balance"."balance" END AS "customer_balance__balance",
  CASE WHEN "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp" THEN "customer_balance"."segment" END AS "customer_balance__segment",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_balance"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN NOT ("customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp") THEN 'expired'
    ELSE 'hit'
  END AS "customer_balance__status",
  "customer_balance"."feature_timestamp" AS "customer_balance__feature_timestamp",
  "tier"."tier" AS "tier__tier",
  "tier"."discount" AS "tier__discount",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "tier"."valid_instant" IS NULL THEN 'no_history'
    ELSE 'hit'
  END AS "tier__status",
  "tier"."valid_instant" AS "tier__feature_timestamp"
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
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_balance"
  ON TRUE
LEFT JOIN (
  SELECT
    "spine_row",
    "history_row"
  FROM "tier_carried"
  WHERE "spine_row" IS NOT NULL
) AS "tier_match"
  ON "tier_match"."spine_row" = "spine"."spine_row"
LEFT JOIN "tier_ranked" AS "tier"
  ON "tier"."history_row" = "tier_match"."history_row";
