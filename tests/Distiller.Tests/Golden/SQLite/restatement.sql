-- Restatement. Training set: orders as of event_timestamp, with customer_spend, customer_tier.
-- Known at 2026-03-02 08:30:00.123456 UTC, and today; changed_1 is customer_spend__spend_7d, changed_2 is customer_spend__vip, changed_3 is customer_tier__tier.
-- now_1: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
-- now_2: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.
WITH "pairs" AS MATERIALIZED (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "then_1__spend_7d",
    "then_1__vip",
    "then_2__tier",
    "now_1__spend_7d",
    "now_1__vip",
    "now_2__tier",
    CASE WHEN "then_1__spend_7d" IS DISTINCT FROM "now_1__spend_7d" OR "then_1__vip" IS DISTINCT FROM "now_1__vip" OR "then_2__tier" IS DISTINCT FROM "now_2__tier" THEN 1 ELSE 0 END AS "differs"
  FROM (
    WITH "numbered_spine_" AS MATERIALIZED (
      SELECT
        "spine"."order_id",
        "spine"."customer_id",
        "spine"."referrer_id",
        "spine"."store",
        "spine"."product_id",
        "spine"."event_timestamp",
        "spine"."returned",
        "spine"."then_1__spend_7d",
        "spine"."then_1__vip",
        "spine"."then_2__tier",
        ROW_NUMBER() OVER () AS "spine_row_"
      FROM (
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
"then_2_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."valid_instant",
    "history"."tier",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_instant", "history"."known_instant" NULLS FIRST) AS "history_row"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."valid_instant" IS NOT NULL
    AND ("history"."known_instant" IS NULL OR "history"."known_instant" <= '2026-03-02 08:30:00.123456')
),
"then_2_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."valid_instant" AS "position",
    0 AS "side",
    "history"."history_row",
    CAST(NULL AS INTEGER) AS "spine_row"
  FROM "then_2_ranked" AS "history"
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
"then_2_carried" AS (
  SELECT
    "spine_row",
    MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
  FROM "then_2_merged"
)
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "then_1"."spend_7d" AS "then_1__spend_7d",
  "then_1"."vip" AS "then_1__vip",
  "then_2"."tier" AS "then_2__tier"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    "spine"."spine_row",
    (
      SELECT
        "history".rowid
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
        AND "history"."created_timestamp" <= '2026-03-02 08:30:00.123456'
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "then_1__row"
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
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_spend_history" AS "then_1"
  ON "then_1".rowid = "spine"."then_1__row"
LEFT JOIN (
  SELECT
    "spine_row",
    "history_row"
  FROM "then_2_carried"
  WHERE "spine_row" IS NOT NULL
) AS "then_2_match"
  ON "then_2_match"."spine_row" = "spine"."spine_row"
LEFT JOIN "then_2_ranked" AS "then_2"
  ON "then_2"."history_row" = "then_2_match"."history_row"
      ) AS "spine"
    ),
    "now_2_ranked" AS MATERIALIZED (
      SELECT
        "history"."customer_id",
        "history"."valid_instant",
        "history"."tier",
        ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_instant", "history"."known_instant" NULLS FIRST) AS "history_row"
      FROM "tiers" AS "history"
      WHERE "history"."customer_id" IS NOT NULL
        AND "history"."valid_instant" IS NOT NULL
    ),
    "now_2_merged" AS (
      SELECT
        "history"."customer_id" AS "key_1",
        "history"."valid_instant" AS "position",
        0 AS "side",
        "history"."history_row",
        CAST(NULL AS INTEGER) AS "spine_row_"
      FROM "now_2_ranked" AS "history"
      UNION ALL
      SELECT
        "numbered_spine_"."customer_id",
        "numbered_spine_"."event_timestamp",
        1,
        CAST(NULL AS INTEGER),
        "numbered_spine_"."spine_row_"
      FROM "numbered_spine_"
      WHERE "numbered_spine_"."customer_id" IS NOT NULL
        AND "numbered_spine_"."event_timestamp" IS NOT NULL
    ),
    "now_2_carried" AS (
      SELECT
        "spine_row_",
        MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
      FROM "now_2_merged"
    )
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."referrer_id",
      "spine"."store",
      "spine"."product_id",
      "spine"."event_timestamp",
      "spine"."returned",
      "spine"."then_1__spend_7d",
      "spine"."then_1__vip",
      "spine"."then_2__tier",
      "now_1"."spend_7d" AS "now_1__spend_7d",
      "now_1"."vip" AS "now_1__vip",
      "now_2"."tier" AS "now_2__tier"
    FROM (
      SELECT
        "spine"."order_id",
        "spine"."customer_id",
        "spine"."referrer_id",
        "spine"."store",
        "spine"."product_id",
        "spine"."event_timestamp",
        "spine"."returned",
        "spine"."then_1__spend_7d",
        "spine"."then_1__vip",
        "spine"."then_2__tier",
        "spine"."spine_row_",
        (
          SELECT
            "history".rowid
          FROM "customer_spend_history" AS "history"
          WHERE "history"."customer_id" = "spine"."customer_id"
            AND "history"."feature_timestamp" <= "spine"."event_timestamp"
          ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
          LIMIT 1
        ) AS "now_1__row"
      FROM (
        SELECT
          "spine"."order_id",
          "spine"."customer_id",
          "spine"."referrer_id",
          "spine"."store",
          "spine"."product_id",
          "spine"."event_timestamp",
          "spine"."returned",
          "spine"."then_1__spend_7d",
          "spine"."then_1__vip",
          "spine"."then_2__tier",
          "spine"."spine_row_"
        FROM "numbered_spine_" AS "spine"
        ORDER BY "spine"."customer_id", "spine"."event_timestamp"
        LIMIT -1
      ) AS "spine"
      LIMIT -1
    ) AS "spine"
    LEFT JOIN "customer_spend_history" AS "now_1"
      ON "now_1".rowid = "spine"."now_1__row"
    LEFT JOIN (
      SELECT
        "spine_row_",
        "history_row"
      FROM "now_2_carried"
      WHERE "spine_row_" IS NOT NULL
    ) AS "now_2_match"
      ON "now_2_match"."spine_row_" = "spine"."spine_row_"
    LEFT JOIN "now_2_ranked" AS "now_2"
      ON "now_2"."history_row" = "now_2_match"."history_row"
  ) AS "restated"
),
"totals" AS (
  SELECT
    COUNT(*) AS "rows",
    COALESCE(SUM("differs"), 0) AS "differing",
    COALESCE(SUM(CASE WHEN "then_1__spend_7d" IS DISTINCT FROM "now_1__spend_7d" THEN 1 ELSE 0 END), 0) AS "changed_1",
    COALESCE(SUM(CASE WHEN "then_1__vip" IS DISTINCT FROM "now_1__vip" THEN 1 ELSE 0 END), 0) AS "changed_2",
    COALESCE(SUM(CASE WHEN "then_2__tier" IS DISTINCT FROM "now_2__tier" THEN 1 ELSE 0 END), 0) AS "changed_3"
  FROM "pairs"
),
"first_rows" AS (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "then_1__spend_7d",
    "then_1__vip",
    "then_2__tier",
    "now_1__spend_7d",
    "now_1__vip",
    "now_2__tier",
    ROW_NUMBER() OVER (ORDER BY "event_timestamp", "customer_id") AS "place"
  FROM "pairs"
  WHERE "differs" = 1
  ORDER BY "place"
  LIMIT 20
)
SELECT
  "totals"."rows",
  "totals"."differing",
  "totals"."changed_1",
  "totals"."changed_2",
  "totals"."changed_3",
  "both_sides"."side",
  "both_sides"."order_id",
  "both_sides"."customer_id",
  "both_sides"."referrer_id",
  "both_sides"."store",
  "both_sides"."product_id",
  "both_sides"."event_timestamp",
  "both_sides"."returned",
  "both_sides"."customer_spend__spend_7d",
  "both_sides"."customer_spend__vip",
  "both_sides"."customer_tier__tier"
FROM "totals"
LEFT JOIN (
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "place",
    'then' AS "side",
    1 AS "side_order",
    "then_1__spend_7d" AS "customer_spend__spend_7d",
    "then_1__vip" AS "customer_spend__vip",
    "then_2__tier" AS "customer_tier__tier"
  FROM "first_rows"
  UNION ALL
  SELECT
    "order_id",
    "customer_id",
    "referrer_id",
    "store",
    "product_id",
    "event_timestamp",
    "returned",
    "place",
    'now' AS "side",
    2 AS "side_order",
    "now_1__spend_7d" AS "customer_spend__spend_7d",
    "now_1__vip" AS "customer_spend__vip",
    "now_2__tier" AS "customer_tier__tier"
  FROM "first_rows"
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."place", "both_sides"."side_order";
