-- Training set: orders as of event_timestamp, with shelf_stock.
-- shelf_stock: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
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
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."store",
    "history"."product_id",
    "history"."in_stock",
    "history"."price",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "shelf_stock_history" AS "history"
) AS "shelf_stock"
  ON "spine"."store" = "shelf_stock"."store"
    AND "spine"."product_id" = "shelf_stock"."product_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "shelf_stock"."asof_order";
