-- Tables of customer_spend, shelf_stock, customer_signals, customer_leaver, readings, measures, customer_tier.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never created.

-- the history of customer_spend: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_spend_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_spend: one row per key
CREATE TABLE IF NOT EXISTS "customer_spend_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of shelf_stock: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shelf_stock_history" (
  "store" text COLLATE "C" NOT NULL,
  "product_id" integer NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "in_stock" integer,
  "price" numeric(9,2),
  PRIMARY KEY ("store", "product_id", "feature_timestamp", "created_timestamp")
);

-- the latest of shelf_stock: one row per key
CREATE TABLE IF NOT EXISTS "shelf_stock_latest" (
  "store" text COLLATE "C" NOT NULL,
  "product_id" integer NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "in_stock" integer,
  "price" numeric(9,2),
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("store", "product_id")
);

-- the history of customer_signals: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_signals_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_signals: one row per key
CREATE TABLE IF NOT EXISTS "customer_signals_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "spend_7d__at" timestamptz,
  "orders_7d__at" timestamptz,
  "vip__at" timestamptz,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_leaver: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_leaver_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "vip" boolean,
  "points" integer,
  "deleted" boolean NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_leaver: one row per key
CREATE TABLE IF NOT EXISTS "customer_leaver_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "vip" boolean,
  "points" integer,
  "deleted" boolean NOT NULL,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of readings: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "readings_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "heat" double precision,
  "steps" integer,
  "awake" boolean,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of readings: one row per key
CREATE TABLE IF NOT EXISTS "readings_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "heat" double precision,
  "steps" integer,
  "awake" boolean,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of measures: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "measures_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "heat" double precision,
  "light" double precision,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of measures: one row per key
CREATE TABLE IF NOT EXISTS "measures_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "heat" double precision,
  "light" double precision,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the intervals of customer_spend: one row per key and event time
CREATE TABLE IF NOT EXISTS "spend_intervals" (
  "customer_id" bigint NOT NULL,
  "valid_from" timestamptz NOT NULL,
  "valid_to" timestamptz,
  "is_current" boolean NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "history_rows" bigint NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "spend_intervals_pending" (
  "customer_id" bigint,
  "appended_rows" bigint NOT NULL,
  "first_event" timestamptz
);

-- the intervals of shelf_stock: one row per key and event time
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals" (
  "store" text COLLATE "C" NOT NULL,
  "product_id" integer NOT NULL,
  "since" timestamptz NOT NULL,
  "until" timestamptz,
  "is_open" boolean NOT NULL,
  "in_stock" integer,
  "price" numeric(9,2),
  "history_rows" bigint NOT NULL,
  PRIMARY KEY ("store", "product_id", "since")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals_pending" (
  "store" text COLLATE "C",
  "product_id" integer,
  "appended_rows" bigint NOT NULL,
  "first_event" timestamptz
);

-- the intervals of customer_tier: one row per key and event time
CREATE TABLE IF NOT EXISTS "tier_intervals" (
  "customer_id" bigint NOT NULL,
  "valid_from" timestamptz NOT NULL,
  "valid_to" timestamptz,
  "is_current" boolean NOT NULL,
  "tier" text,
  "discount" double precision,
  "history_rows" bigint NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "tier_intervals_pending" (
  "customer_id" bigint,
  "appended_rows" bigint NOT NULL,
  "first_event" timestamptz
);

-- the intervals of customer_signals: one row per key and event time
CREATE TABLE IF NOT EXISTS "signal_intervals" (
  "customer_id" bigint NOT NULL,
  "valid_from" timestamptz NOT NULL,
  "valid_to" timestamptz,
  "is_current" boolean NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "history_rows" bigint NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "signal_intervals_pending" (
  "customer_id" bigint,
  "appended_rows" bigint NOT NULL,
  "first_event" timestamptz
);
