-- Training set: orders as of event_timestamp, known at each row's instant, with customer_balance.
-- customer_balance: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe (pinned).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_balance"."balance" AS "customer_balance__balance",
  "customer_balance"."segment" AS "customer_balance__segment"
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
      FROM "customer_balance_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
        AND "history"."created_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_balance__row"
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
LEFT JOIN "customer_balance_history" AS "customer_balance"
  ON "customer_balance".rowid = "spine"."customer_balance__row"
    AND ((unixepoch(substr("customer_balance"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_balance"."feature_timestamp", 21, 6) AS INTEGER)) + 2592000000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER));
