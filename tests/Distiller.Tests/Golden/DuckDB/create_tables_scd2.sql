-- Tables of customer_spend, shelf_stock, customer_signals, customer_leaver, readings, measures, customer_tier.
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

-- the history of shelf_stock: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shelf_stock_history" (
  "store" VARCHAR NOT NULL,
  "product_id" INTEGER NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "in_stock" INTEGER,
  "price" DECIMAL(9,2)
);

-- the latest of shelf_stock: one row per key
CREATE TABLE IF NOT EXISTS "shelf_stock_latest" (
  "store" VARCHAR NOT NULL,
  "product_id" INTEGER NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "in_stock" INTEGER,
  "price" DECIMAL(9,2),
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("store", "product_id")
);

-- the history of customer_signals: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_signals_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN
);

-- the latest of customer_signals: one row per key
CREATE TABLE IF NOT EXISTS "customer_signals_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "spend_7d__at" TIMESTAMPTZ,
  "orders_7d__at" TIMESTAMPTZ,
  "vip__at" TIMESTAMPTZ,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_leaver: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_leaver_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "vip" BOOLEAN,
  "points" INTEGER,
  "deleted" BOOLEAN NOT NULL
);

-- the latest of customer_leaver: one row per key
CREATE TABLE IF NOT EXISTS "customer_leaver_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "vip" BOOLEAN,
  "points" INTEGER,
  "deleted" BOOLEAN NOT NULL,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of readings: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "readings_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "heat" DOUBLE,
  "steps" INTEGER,
  "awake" BOOLEAN
);

-- the latest of readings: one row per key
CREATE TABLE IF NOT EXISTS "readings_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "heat" DOUBLE,
  "steps" INTEGER,
  "awake" BOOLEAN,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of measures: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "measures_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "heat" DOUBLE,
  "light" DOUBLE
);

-- the latest of measures: one row per key
CREATE TABLE IF NOT EXISTS "measures_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "heat" DOUBLE,
  "light" DOUBLE,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the intervals of customer_spend: one row per key and event time
CREATE TABLE IF NOT EXISTS "spend_intervals" (
  "customer_id" BIGINT NOT NULL,
  "valid_from" TIMESTAMPTZ NOT NULL,
  "valid_to" TIMESTAMPTZ,
  "is_current" BOOLEAN NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "history_rows" BIGINT NOT NULL
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "spend_intervals_pending" (
  "customer_id" BIGINT,
  "appended_rows" BIGINT NOT NULL,
  "first_event" TIMESTAMPTZ
);

-- the intervals of shelf_stock: one row per key and event time
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals" (
  "store" VARCHAR NOT NULL,
  "product_id" INTEGER NOT NULL,
  "since" TIMESTAMPTZ NOT NULL,
  "until" TIMESTAMPTZ,
  "is_open" BOOLEAN NOT NULL,
  "in_stock" INTEGER,
  "price" DECIMAL(9,2),
  "history_rows" BIGINT NOT NULL
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals_pending" (
  "store" VARCHAR,
  "product_id" INTEGER,
  "appended_rows" BIGINT NOT NULL,
  "first_event" TIMESTAMPTZ
);

-- the intervals of customer_tier: one row per key and event time
CREATE TABLE IF NOT EXISTS "tier_intervals" (
  "customer_id" BIGINT NOT NULL,
  "valid_from" TIMESTAMPTZ NOT NULL,
  "valid_to" TIMESTAMPTZ,
  "is_current" BOOLEAN NOT NULL,
  "tier" VARCHAR,
  "discount" DOUBLE,
  "history_rows" BIGINT NOT NULL
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "tier_intervals_pending" (
  "customer_id" BIGINT,
  "appended_rows" BIGINT NOT NULL,
  "first_event" TIMESTAMPTZ
);

-- the intervals of customer_signals: one row per key and event time
CREATE TABLE IF NOT EXISTS "signal_intervals" (
  "customer_id" BIGINT NOT NULL,
  "valid_from" TIMESTAMPTZ NOT NULL,
  "valid_to" TIMESTAMPTZ,
  "is_current" BOOLEAN NOT NULL,
  "spend_7d" DOUBLE,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "history_rows" BIGINT NOT NULL
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "signal_intervals_pending" (
  "customer_id" BIGINT,
  "appended_rows" BIGINT NOT NULL,
  "first_event" TIMESTAMPTZ
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

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'shelf_stock_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_signals_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_leaver_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'readings_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'measures_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'tiers',
  0
ON CONFLICT ("history_table") DO NOTHING;
