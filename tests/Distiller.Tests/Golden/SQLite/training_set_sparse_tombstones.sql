-- Training set: orders as of event_timestamp, with customer_habits.
-- customer_habits: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN ((unixepoch(substr("customer_habits"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_habits"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("customer_habits"."orders_7d", (
      SELECT
        CASE WHEN ((unixepoch(substr("history"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."orders_7d" END
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
        AND ("history"."orders_7d" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) END AS "customer_habits__orders_7d",
  CASE WHEN ((unixepoch(substr("customer_habits"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_habits"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("customer_habits"."vip", (
      SELECT
        CASE WHEN ((unixepoch(substr("history"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."vip" END
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
        AND ("history"."vip" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) END AS "customer_habits__vip"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    (
      SELECT
        "history".rowid
      FROM "customer_habits_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_habits__row"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."referrer_id",
      "spine"."store",
      "spine"."product_id",
      "spine"."event_timestamp",
      "spine"."returned"
    FROM "orders" AS "spine"
    ORDER BY "spine"."customer_id", "spine"."event_timestamp"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_habits_history" AS "customer_habits"
  ON "customer_habits".rowid = "spine"."customer_habits__row";
