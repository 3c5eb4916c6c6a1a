-- Training set: orders as of event_timestamp, with contract.
-- contract: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.
-- Note: the intervals of feature set 'contract' are taken not to overlap; a store checks that first, by CheckRows.Of(set).
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
"contract_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."valid_from",
    "history"."tier",
    "history"."points",
    "history"."valid_to",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_from") AS "history_row"
  FROM "contracts" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."valid_from" IS NOT NULL
),
"contract_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."valid_from" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS INTEGER) AS "spine_row"
  FROM "contract_ranked" AS "history"
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
"contract_carried" AS (
  SELECT
    "spine_row",
    MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
  FROM "contract_merged"
)
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp" THEN "contract"."tier" END AS "contract__tier",
  CASE WHEN "contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp" THEN "contract"."points" END AS "contract__points"
FROM "numbered_spine" AS "spine"
LEFT JOIN (
  SELECT
    "spine_row",
    "history_row"
  FROM "contract_carried"
  WHERE "spine_row" IS NOT NULL
) AS "contract_match"
  ON "contract_match"."spine_row" = "spine"."spine_row"
LEFT JOIN "contract_ranked" AS "contract"
  ON "contract"."history_row" = "contract_match"."history_row";
