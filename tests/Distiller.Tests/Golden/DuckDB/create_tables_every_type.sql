-- Tables of customer_profile.

-- the history of customer_profile: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_profile_history" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "a_bool" BOOLEAN,
  "an_int32" INTEGER,
  "an_int64" BIGINT,
  "a_float32" FLOAT,
  "a_float64" DOUBLE,
  "a_decimal" DECIMAL(28,10),
  "a_string" VARCHAR,
  "some_bytes" BLOB,
  "a_date" DATE,
  "a_timestamp" TIMESTAMPTZ,
  "a_guid" UUID,
  "a_json" JSON,
  "a_vector" FLOAT[],
  "three_floats" FLOAT[]
);

-- the latest of customer_profile: one row per key
CREATE TABLE IF NOT EXISTS "customer_profile_latest" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "a_bool" BOOLEAN,
  "an_int32" INTEGER,
  "an_int64" BIGINT,
  "a_float32" FLOAT,
  "a_float64" DOUBLE,
  "a_decimal" DECIMAL(28,10),
  "a_string" VARCHAR,
  "some_bytes" BLOB,
  "a_date" DATE,
  "a_timestamp" TIMESTAMPTZ,
  "a_guid" UUID,
  "a_json" JSON,
  "a_vector" FLOAT[],
  "three_floats" FLOAT[],
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
  'customer_profile_history',
  0
ON CONFLICT ("history_table") DO NOTHING;
