-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN ((unixepoch(substr("customer_tier"."valid_instant", 1, 19)) * 1000000 + CAST(substr("customer_tier"."valid_instant", 21, 6) AS INTEGER)) + 172800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("customer_tier"."tier", (
      SELECT
        CASE WHEN ((unixepoch(substr("history"."valid_instant", 1, 19)) * 1000000 + CAST(substr("history"."valid_instant", 21, 6) AS INTEGER)) + 172800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."tier" END
      FROM "tiers" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."valid_instant" <= "spine"."event_timestamp")
        AND "history"."tier" IS NOT NULL
      ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
      LIMIT 1
    )) END AS "customer_tier__tier",
  CASE WHEN ((unixepoch(substr("customer_tier"."valid_instant", 1, 19)) * 1000000 + CAST(substr("customer_tier"."valid_instant", 21, 6) AS INTEGER)) + 172800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("customer_tier"."discount", (
      SELECT
        CASE WHEN ((unixepoch(substr("history"."valid_instant", 1, 19)) * 1000000 + CAST(substr("history"."valid_instant", 21, 6) AS INTEGER)) + 172800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."discount" END
      FROM "tiers" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."valid_instant" <= "spine"."event_timestamp")
        AND "history"."discount" IS NOT NULL
      ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
      LIMIT 1
    )) END AS "customer_tier__discount"
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
      FROM "tiers" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."valid_instant" <= "spine"."event_timestamp"
      ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
      LIMIT 1
    ) AS "customer_tier__row"
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
LEFT JOIN "tiers" AS "customer_tier"
  ON "customer_tier".rowid = "spine"."customer_tier__row";
