-- Checksum. Training set: orders as of event_timestamp, with customer_spend, shelf_stock.
-- customer_spend: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- shelf_stock: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  COUNT(*) AS "rows",
  COALESCE(SUM(CAST('0x' || substr(md5(((((((((((COALESCE(CAST(LENGTH(CAST("hashed"."order_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."order_id" AS VARCHAR)), '-') || COALESCE(CAST(LENGTH(CAST("hashed"."customer_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."referrer_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."referrer_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."store" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."store" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."product_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."product_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST(epoch_us("hashed"."event_timestamp") AS VARCHAR)) AS VARCHAR) || (':' || CAST(epoch_us("hashed"."event_timestamp") AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."returned" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."returned" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_spend__spend_7d" + 0 AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_spend__spend_7d" + 0 AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_spend__orders_7d" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_spend__orders_7d" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CASE
    WHEN "hashed"."customer_spend__vip" THEN 'true'
    WHEN NOT ("hashed"."customer_spend__vip") THEN 'false'
  END) AS VARCHAR) || (':' || CASE
    WHEN "hashed"."customer_spend__vip" THEN 'true'
    WHEN NOT ("hashed"."customer_spend__vip") THEN 'false'
  END), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."shelf_stock__in_stock" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."shelf_stock__in_stock" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST("hashed"."shelf_stock__price" AS DECIMAL(9,2)) AS VARCHAR)) AS VARCHAR) || (':' || CAST(CAST("hashed"."shelf_stock__price" AS DECIMAL(9,2)) AS VARCHAR)), '-')), 1, 15) AS BIGINT)), 0) AS "checksum"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
    "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
    "customer_spend"."vip" AS "customer_spend__vip",
    "shelf_stock"."in_stock" AS "shelf_stock__in_stock",
    "shelf_stock"."price" AS "shelf_stock__price"
  FROM "orders" AS "spine"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
      "history"."spend_7d",
      "history"."orders_7d",
      "history"."vip",
      "history"."feature_timestamp",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
    FROM "customer_spend_history" AS "history"
  ) AS "customer_spend"
    ON "spine"."customer_id" = "customer_spend"."customer_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_spend"."asof_order"
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
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "shelf_stock"."asof_order"
) AS "hashed";
