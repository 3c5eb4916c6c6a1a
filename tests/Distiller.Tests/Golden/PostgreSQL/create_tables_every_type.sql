-- Tables of customer_profile.

-- the history of customer_profile: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_profile_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "a_bool" boolean,
  "an_int32" integer,
  "an_int64" bigint,
  "a_float32" real,
  "a_float64" double precision,
  "a_decimal" numeric(28,10),
  "a_string" text,
  "some_bytes" bytea,
  "a_date" date,
  "a_timestamp" timestamptz,
  "a_guid" uuid,
  "a_json" jsonb,
  "a_vector" real[],
  "three_floats" real[],
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_profile: one row per key
CREATE TABLE IF NOT EXISTS "customer_profile_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "a_bool" boolean,
  "an_int32" integer,
  "an_int64" bigint,
  "a_float32" real,
  "a_float64" double precision,
  "a_decimal" numeric(28,10),
  "a_string" text,
  "some_bytes" bytea,
  "a_date" date,
  "a_timestamp" timestamptz,
  "a_guid" uuid,
  "a_json" jsonb,
  "a_vector" real[],
  "three_floats" real[],
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);
