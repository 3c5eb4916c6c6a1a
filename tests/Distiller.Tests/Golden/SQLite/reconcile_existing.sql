-- Reconcile tier_now with tier_log: what differs.
WITH "differences" AS MATERIALIZED (
  SELECT
    CASE WHEN "latest"."customer_id" IS NULL THEN 'missing' ELSE 'differing' END AS "difference",
    "must_be"."customer_id",
    "must_be"."valid_from" AS "history_1",
    "must_be"."known_at" AS "history_2",
    "must_be"."tier" AS "history_3",
    "must_be"."points" AS "history_4",
    "latest"."valid_from" AS "latest_1",
    "latest"."known_at" AS "latest_2",
    "latest"."tier" AS "latest_3",
    "latest"."points" AS "latest_4"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_from",
      "history"."known_at",
      "history"."tier",
      "history"."points"
    FROM (
      SELECT
        "history"."customer_id",
        "history"."valid_from",
        "history"."known_at",
        "history"."tier",
        "history"."points",
        ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_from" DESC, "history"."known_at" DESC NULLS LAST) AS "newest_first"
      FROM "tier_log" AS "history"
      JOIN (
        SELECT
          "history"."customer_id",
          MAX("history"."valid_from") AS "valid_from"
        FROM "tier_log" AS "history"
        GROUP BY "history"."customer_id"
      ) AS "last"
        ON "last"."customer_id" = "history"."customer_id"
          AND "last"."valid_from" = "history"."valid_from"
    ) AS "history"
    WHERE "history"."newest_first" = 1
  ) AS "must_be"
  LEFT JOIN "tier_now" AS "latest"
    ON "latest"."customer_id" = "must_be"."customer_id"
  WHERE "latest"."customer_id" IS NULL
    OR (("must_be"."valid_from" IS DISTINCT FROM "latest"."valid_from" OR "must_be"."known_at" IS DISTINCT FROM "latest"."known_at" OR "must_be"."tier" IS DISTINCT FROM "latest"."tier" OR "must_be"."points" IS DISTINCT FROM "latest"."points") AND (("must_be"."valid_from" IS DISTINCT FROM "latest"."valid_from" OR "must_be"."known_at" IS DISTINCT FROM "latest"."known_at") OR NOT EXISTS (
          SELECT
            1
          FROM "tier_log" AS "history"
          WHERE "history"."customer_id" = "latest"."customer_id"
            AND "history"."valid_from" = "latest"."valid_from"
            AND "history"."known_at" IS NOT DISTINCT FROM "latest"."known_at"
            AND "history"."tier" IS NOT DISTINCT FROM "latest"."tier"
            AND "history"."points" IS NOT DISTINCT FROM "latest"."points"
        )))
  UNION ALL
  SELECT
    'extra' AS "difference",
    "latest"."customer_id",
    CAST(NULL AS TEXT) AS "history_1",
    CAST(NULL AS TEXT) AS "history_2",
    CAST(NULL AS TEXT) AS "history_3",
    CAST(NULL AS INTEGER) AS "history_4",
    "latest"."valid_from" AS "latest_1",
    "latest"."known_at" AS "latest_2",
    "latest"."tier" AS "latest_3",
    "latest"."points" AS "latest_4"
  FROM "tier_now" AS "latest"
  WHERE NOT EXISTS (
    SELECT
      1
    FROM "tier_log" AS "history"
    WHERE "history"."customer_id" = "latest"."customer_id"
      AND "history"."valid_from" IS NOT NULL
  )
),
"totals" AS (
  SELECT
    COALESCE(SUM(CASE WHEN "difference" = 'missing' THEN 1 ELSE 0 END), 0) AS "missing",
    COALESCE(SUM(CASE WHEN "difference" = 'extra' THEN 1 ELSE 0 END), 0) AS "extra",
    COALESCE(SUM(CASE WHEN "difference" = 'differing' THEN 1 ELSE 0 END), 0) AS "differing"
  FROM "differences"
),
"numbered" AS (
  SELECT
    "difference",
    "customer_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    ROW_NUMBER() OVER (PARTITION BY "difference" ORDER BY "customer_id") AS "place"
  FROM "differences"
),
"first_keys" AS (
  SELECT
    "difference",
    "customer_id",
    "history_1",
    "history_2",
    "history_3",
    "history_4",
    "latest_1",
    "latest_2",
    "latest_3",
    "latest_4",
    "place"
  FROM "numbered"
  WHERE "place" <= 20
)
SELECT
  "totals"."missing",
  "totals"."extra",
  "totals"."differing",
  "both_sides"."side",
  "both_sides"."difference",
  "both_sides"."customer_id",
  "both_sides"."valid_from",
  "both_sides"."known_at",
  "both_sides"."tier",
  "both_sides"."points"
FROM "totals"
LEFT JOIN (
  SELECT
    "difference",
    "customer_id",
    "place",
    'history' AS "side",
    1 AS "side_order",
    "history_1" AS "valid_from",
    "history_2" AS "known_at",
    "history_3" AS "tier",
    "history_4" AS "points"
  FROM "first_keys"
  WHERE "difference" <> 'extra'
  UNION ALL
  SELECT
    "difference",
    "customer_id",
    "place",
    'latest' AS "side",
    2 AS "side_order",
    "latest_1" AS "valid_from",
    "latest_2" AS "known_at",
    "latest_3" AS "tier",
    "latest_4" AS "points"
  FROM "first_keys"
  WHERE "difference" <> 'missing'
) AS "both_sides"
  ON TRUE
ORDER BY "both_sides"."difference", "both_sides"."place", "both_sides"."side_order";
