-- Training set: orders as of event_timestamp, with contract, customer_country.
-- contract: ASOF JOIN on the event time; rows of equal event time are taken arbitrarily, because the set has neither created time nor tie-breaker.
-- customer_country: a join on the key alone, because the set is static: one row per key.
-- Note: the intervals of feature set 'contract' are taken not to overlap; a store checks that first, by CheckRows.Of(set).
-- Note: feature set 'customer_country' is taken to have one row per key; a store checks that first, by CheckRows.Of(set).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp" THEN "contract"."tier" END AS "contract__tier",
  CASE WHEN "contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp" THEN "contract"."points" END AS "contract__points",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "contract"."valid_from" IS NULL THEN 'no_history'
    WHEN NOT ("contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp") THEN 'expired'
    ELSE 'hit'
  END AS "contract__status",
  "contract"."valid_from" AS "contract__feature_timestamp",
  "customer_country"."country" AS "customer_country__country",
  CASE
    WHEN "spine"."customer_id" IS NULL THEN 'no_key'
    WHEN "customer_country"."customer_id" IS NULL THEN 'no_history'
    ELSE 'hit'
  END AS "customer_country__status",
  CAST(NULL AS TIMESTAMPTZ) AS "customer_country__feature_timestamp"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."points",
    "history"."valid_from",
    "history"."valid_to",
    epoch_us("history"."valid_from") AS "asof_order"
  FROM "contracts" AS "history"
  WHERE "history"."valid_from" IS NOT NULL
) AS "contract"
  ON "spine"."customer_id" = "contract"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "contract"."asof_order"
LEFT JOIN "countries" AS "customer_country"
  ON "customer_country"."customer_id" = "spine"."customer_id";
