-- Training set: orders as of event_timestamp, with customer_score.
-- customer_score: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_score"."score" AS "customer_score__score"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."score",
    "history"."scored_at",
    CAST(epoch_us("history"."scored_at") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."stored_at") AS "asof_order"
  FROM "shop"."Score Log" AS "history"
) AS "customer_score"
  ON "spine"."customer_id" = "customer_score"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_score"."asof_order";
