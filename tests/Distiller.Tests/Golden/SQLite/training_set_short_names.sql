-- Training set: orders as of event_timestamp, with customer_spend, customer_balance.
-- customer_spend: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
-- customer_balance: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_spend"."spend_7d",
  "customer_spend"."orders_7d",
  "customer_spend"."vip",
  "customer_balance"."balance",
  "customer_balance"."segment"
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
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_spend__row",
    (
      SELECT
        "history".rowid
      FROM "customer_balance_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
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
LEFT JOIN "customer_spend_history" AS "customer_spend"
  ON "customer_spend".rowid = "spine"."customer_spend__row"
LEFT JOIN "customer_balance_history" AS "customer_balance"
  ON "customer_balance".rowid = "spine"."customer_balance__row"
    AND ((unixepoch(substr("customer_balance"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_balance"."feature_timestamp", 21, 6) AS INTEGER)) + 2592000000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER));
