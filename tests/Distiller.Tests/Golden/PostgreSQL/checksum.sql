-- Checksum. Training set: orders as of event_timestamp, with customer_spend, shelf_stock.
-- customer_spend: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
-- shelf_stock: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  COUNT(*) AS "rows",
  COALESCE(SUM(CAST(CAST('x' || substr(md5(((((((((((COALESCE(CAST(LENGTH(CAST("hashed"."order_id" AS text)) AS text) || (':' || CAST("hashed"."order_id" AS text)), '-') || COALESCE(CAST(LENGTH(CAST("hashed"."customer_id" AS text)) AS text) || (':' || CAST("hashed"."customer_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."referrer_id" AS text)) AS text) || (':' || CAST("hashed"."referrer_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."store" AS text)) AS text) || (':' || CAST("hashed"."store" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."product_id" AS text)) AS text) || (':' || CAST("hashed"."product_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST(EXTRACT(EPOCH FROM "hashed"."event_timestamp") * 1000000 AS bigint) AS text)) AS text) || (':' || CAST(CAST(EXTRACT(EPOCH FROM "hashed"."event_timestamp") * 1000000 AS bigint) AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."returned" AS text)) AS text) || (':' || CAST("hashed"."returned" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_spend__spend_7d" + 0 AS text)) AS text) || (':' || CAST("hashed"."customer_spend__spend_7d" + 0 AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_spend__orders_7d" AS text)) AS text) || (':' || CAST("hashed"."customer_spend__orders_7d" AS text)), '-')) || COALESCE(CAST(LENGTH(CASE
    WHEN "hashed"."customer_spend__vip" THEN 'true'
    WHEN NOT ("hashed"."customer_spend__vip") THEN 'false'
  END) AS text) || (':' || CASE
    WHEN "hashed"."customer_spend__vip" THEN 'true'
    WHEN NOT ("hashed"."customer_spend__vip") THEN 'false'
  END), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."shelf_stock__in_stock" AS text)) AS text) || (':' || CAST("hashed"."shelf_stock__in_stock" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST("hashed"."shelf_stock__price" AS numeric(9,2)) AS text)) AS text) || (':' || CAST(CAST("hashed"."shelf_stock__price" AS numeric(9,2)) AS text)), '-')), 1, 15) AS bit(60)) AS bigint)), 0) AS "checksum"
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
    OFFSET 0
  ) AS "spine"
  LEFT JOIN LATERAL (
    SELECT
      "history"."spend_7d",
      "history"."orders_7d",
      "history"."vip",
      "history"."feature_timestamp"
    FROM "customer_spend_history" AS "history"
    WHERE "history"."customer_id" = "spine"."customer_id"
      AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
    LIMIT 1
  ) AS "customer_spend"
    ON TRUE
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
    ON TRUE
) AS "hashed";
