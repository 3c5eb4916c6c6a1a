-- Training set: orders as of event_timestamp, with contract.
-- contract: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
-- Note: the intervals of feature set 'contract' are taken not to overlap; a store checks that first, by CheckRows.Of(set).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "contract"."tier" AS "contract__tier",
  "contract"."points" AS "contract__points"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    (
      SELECT
        "history".rowid
      FROM "contracts" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."valid_from" <= "spine"."event_timestamp"
      ORDER BY "history"."valid_from" DESC
      LIMIT 1
    ) AS "contract__row"
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
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "contracts" AS "contract"
  ON "contract".rowid = "spine"."contract__row"
    AND ("contract"."valid_to" IS NULL OR "contract"."valid_to" > "spine"."event_timestamp");
