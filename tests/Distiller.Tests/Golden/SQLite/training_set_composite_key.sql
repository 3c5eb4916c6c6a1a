-- Training set: orders as of event_timestamp, with shelf_stock.
-- shelf_stock: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "shelf_stock"."in_stock" AS "shelf_stock__in_stock",
  "shelf_stock"."price" AS "shelf_stock__price"
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
      FROM "shelf_stock_history" AS "history"
      WHERE "history"."store" = "spine"."store"
        AND "history"."product_id" = "spine"."product_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "shelf_stock__row"
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
    ORDER BY "spine"."store", "spine"."product_id", "spine"."event_timestamp"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "shelf_stock_history" AS "shelf_stock"
  ON "shelf_stock".rowid = "spine"."shelf_stock__row";
