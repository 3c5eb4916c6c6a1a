-- the training set
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
    GREATEST(epoch_us("history"."valid_instant") + 1, COALESCE(epoch_us("history"."known_instant"), epoch_us("history"."valid_instant") + 1)) AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS BIGINT) AS "spine_row"
  FROM "customer_tier_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    epoch_us("numbered_spine"."event_timestamp"),
    1,
    CAST(NULL AS BIGINT),
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
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."balance" END AS "customer_balance__balance",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."segment" END AS "customer_balance__segment",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "numbered_spine" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    GREATEST(epoch_us("history"."feature_timestamp") + 1, epoch_us("history"."created_timestamp")) AS "asof_order",
    arg_max("history".rowid, CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp")) OVER (PARTITION BY "history"."customer_id" ORDER BY GREATEST(epoch_us("history"."feature_timestamp") + 1, epoch_us("history"."created_timestamp"))) AS "winner"
  FROM "customer_balance_history" AS "history"
) AS "customer_balance_match"
  ON "spine"."customer_id" = "customer_balance_match"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "customer_balance_match"."asof_order"
LEFT JOIN "customer_balance_history" AS "customer_balance"
  ON "customer_balance".rowid = "customer_balance_match"."winner"
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
