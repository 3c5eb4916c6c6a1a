-- Tables of customer_spend, customer_balance, shelf_stock, customer_score.

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

-- the history of customer_balance: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_balance_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "balance" DECIMAL(12,2),
  "segment" VARCHAR
);

-- the latest of customer_balance: one row per key
CREATE TABLE IF NOT EXISTS "customer_balance_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "balance" DECIMAL(12,2),
  "segment" VARCHAR,
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

-- the history of customer_score: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shop"."Score Log" (
  "customer_id" BIGINT NOT NULL,
  "scored_at" TIMESTAMPTZ NOT NULL,
  "stored_at" TIMESTAMPTZ NOT NULL,
  "score" FLOAT
);

-- the latest of customer_score: one row per key
CREATE TABLE IF NOT EXISTS "shop"."Score Now" (
  "customer_id" BIGINT NOT NULL,
  "scored_at" TIMESTAMPTZ NOT NULL,
  "stored_at" TIMESTAMPTZ NOT NULL,
  "score" FLOAT,
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
CREATE TABLE IF NOT EXISTS "shop"."distiller_publishers" (
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
  'customer_balance_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'shelf_stock_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "shop"."distiller_publishers" ("history_table", "publishes")
SELECT
  'Score Log',
  0
ON CONFLICT ("history_table") DO NOTHING;
