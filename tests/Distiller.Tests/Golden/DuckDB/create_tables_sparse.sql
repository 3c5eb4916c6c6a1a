-- Tables of customer_signals, customer_habits, customer_member.

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

-- the history of customer_habits: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_habits_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "deleted" BOOLEAN NOT NULL
);

-- the latest of customer_habits: one row per key
CREATE TABLE IF NOT EXISTS "customer_habits_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "orders_7d" INTEGER,
  "vip" BOOLEAN,
  "deleted" BOOLEAN NOT NULL,
  "orders_7d__at" TIMESTAMPTZ,
  "vip__at" TIMESTAMPTZ,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_member: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_member_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "vip" BOOLEAN,
  "deleted" BOOLEAN NOT NULL
);

-- the latest of customer_member: one row per key
CREATE TABLE IF NOT EXISTS "customer_member_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "vip" BOOLEAN,
  "deleted" BOOLEAN NOT NULL,
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
  'customer_signals_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_habits_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_member_history',
  0
ON CONFLICT ("history_table") DO NOTHING;
