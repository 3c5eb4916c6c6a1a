-- Training set: orders as of event_timestamp, with customer_country, customer_spend, referrer.
-- customer_country: a join on the key alone, because the set is static: one row per key.
-- customer_spend: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
-- referrer: a join on the key alone, because the set is static: one row per key.
-- Note: feature set 'customer_country' is taken to have one row per key; a store checks that first, by CheckRows.Of(set).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_country"."country" AS "customer_country__country",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip",
  "referrer"."country" AS "referrer__country"
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
    ) AS "customer_spend__row"
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
LEFT JOIN "countries" AS "customer_country"
  ON "customer_country"."customer_id" = "spine"."customer_id"
LEFT JOIN "customer_spend_history" AS "customer_spend"
  ON "customer_spend".rowid = "spine"."customer_spend__row"
LEFT JOIN "countries" AS "referrer"
  ON "referrer"."customer_id" = "spine"."referrer_id";
