-- Training set: orders as of event_timestamp, with shelf_stock.
-- shelf_stock: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
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
    "spine"."returned"
  FROM "orders" AS "spine"
  ORDER BY "spine"."store", "spine"."product_id", "spine"."event_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."in_stock",
    "history"."price",
    "history"."feature_timestamp"
  FROM "shelf_stock_history" AS "history"
  WHERE "history"."store" = "spine"."store"
    AND "history"."product_id" = "spine"."product_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "shelf_stock"
  ON TRUE;
