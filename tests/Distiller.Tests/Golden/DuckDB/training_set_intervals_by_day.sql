-- Training set: orders as of event_timestamp, known at 2026-03-02 08:30:00.123456 UTC, with contract.
-- contract: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- Note: the intervals of feature set 'contract' are taken not to overlap; a store checks that first, by CheckRows.Of(set).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "contract"."to_day" IS NULL OR "contract"."to_day" > CAST(make_timestamp(epoch_us("spine"."event_timestamp") - (((epoch_us("spine"."event_timestamp") % 86400000000) + 86400000000) % 86400000000)) AS DATE) THEN "contract"."tier" END AS "contract__tier"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."from_day",
    "history"."to_day",
    CAST(epoch_us(CAST("history"."from_day" AS TIMESTAMP)) AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_at"), -9223372036854775808) AS "asof_order"
  FROM "contracts" AS "history"
  WHERE "history"."from_day" IS NOT NULL
    AND ("history"."known_at" IS NULL OR "history"."known_at" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00')
) AS "contract"
  ON "spine"."customer_id" = "contract"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "contract"."asof_order";
