-- Tables of customer_spend.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never created.

-- the history of customer_spend: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_spend_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN
);

-- the latest of customer_spend: one row per key
CREATE TABLE IF NOT EXISTS "customer_spend_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the row every publisher of a set updates, so that two at once conflict and one retries
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_spend_history',
  0
ON CONFLICT ("history_table") DO NOTHING;
