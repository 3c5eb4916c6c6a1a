-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: ASOF JOIN on the first row of each event time, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_tier"."tier" AS "customer_tier__tier"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."valid_date",
    "history"."asof_order"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."tier",
      "history"."valid_date",
      epoch_us(CAST("history"."valid_date" AS TIMESTAMP)) AS "asof_order",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id", "history"."valid_date" ORDER BY "history"."valid_date" DESC, "history"."version" DESC NULLS LAST, "history"."id" DESC NULLS LAST) AS "rank"
    FROM "tiers" AS "history"
    WHERE "history"."valid_date" IS NOT NULL
  ) AS "history"
  WHERE "history"."rank" = 1
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "customer_tier"."asof_order";
