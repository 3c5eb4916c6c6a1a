-- Training set: orders as of event_timestamp, with buyer, referrer.
-- buyer: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
-- referrer: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "buyer"."spend_7d" AS "buyer__spend_7d",
  "referrer"."vip" AS "referrer__vip",
  "referrer"."spend_7d" AS "referrer__spend_7d"
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
    ) AS "buyer__row",
    (
      SELECT
        "history".rowid
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."referrer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "referrer__row"
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
LEFT JOIN "customer_spend_history" AS "buyer"
  ON "buyer".rowid = "spine"."buyer__row"
LEFT JOIN "customer_spend_history" AS "referrer"
  ON "referrer".rowid = "spine"."referrer__row";
