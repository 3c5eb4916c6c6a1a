-- Training set: orders as of event_timestamp, with customer_score.
-- customer_score: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_score"."score" AS "customer_score__score"
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
    "history"."score",
    "history"."scored_at"
  FROM "shop"."Score Log" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."scored_at" <= "spine"."event_timestamp"
  ORDER BY "history"."scored_at" DESC, "history"."stored_at" DESC
  LIMIT 1
) AS "customer_score"
  ON TRUE;
