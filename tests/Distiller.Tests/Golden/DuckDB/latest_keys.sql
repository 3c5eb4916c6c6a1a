-- Latest of shelf_stock.
SELECT
  "latest"."store",
  "latest"."product_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."in_stock",
  "latest"."price"
FROM "shelf_stock_latest" AS "latest"
WHERE EXISTS (
  SELECT
    1
  FROM "orders" AS "keys"
  WHERE "keys"."store" = "latest"."store"
    AND "keys"."product_id" = "latest"."product_id"
);
