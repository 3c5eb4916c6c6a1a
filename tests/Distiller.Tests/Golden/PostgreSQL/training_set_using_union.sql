-- Training set: orders as of event_timestamp, with customer_balance.
-- customer_balance: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant (pinned).
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
"customer_balance_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."balance",
    "history"."segment",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."feature_timestamp" IS NOT NULL
),
"customer_balance_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."feature_timestamp" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS bigint) AS "spine_row"
  FROM "customer_balance_ranked" AS "history"
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
"customer_balance_carried" AS (
  SELECT
    "spine_row",
    MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
  FROM "customer_balance_merged"
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
  CASE WHEN "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp" THEN "customer_balance"."segment" END AS "customer_balance__segment"
FROM "numbered_spine" AS "spine"
LEFT JOIN (
  SELECT
    "spine_row",
    "history_row"
  FROM "customer_balance_carried"
  WHERE "spine_row" IS NOT NULL
) AS "customer_balance_match"
  ON "customer_balance_match"."spine_row" = "spine"."spine_row"
LEFT JOIN "customer_balance_ranked" AS "customer_balance"
  ON "customer_balance"."history_row" = "customer_balance_match"."history_row";
