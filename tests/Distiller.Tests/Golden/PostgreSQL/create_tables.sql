-- Tables of customer_spend, customer_balance, shelf_stock, customer_score.

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

-- the history of customer_balance: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_balance_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "balance" numeric(12,2),
  "segment" text,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_balance: one row per key
CREATE TABLE IF NOT EXISTS "customer_balance_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "balance" numeric(12,2),
  "segment" text,
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

-- the history of customer_score: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shop"."Score Log" (
  "customer_id" bigint NOT NULL,
  "scored_at" timestamptz NOT NULL,
  "stored_at" timestamptz NOT NULL,
  "score" real,
  PRIMARY KEY ("customer_id", "scored_at", "stored_at")
);

-- the latest of customer_score: one row per key
CREATE TABLE IF NOT EXISTS "shop"."Score Now" (
  "customer_id" bigint NOT NULL,
  "scored_at" timestamptz NOT NULL,
  "stored_at" timestamptz NOT NULL,
  "score" real,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);
