-- Tables of everything_seen.

-- the history of everything_seen: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "everything_seen_history" (
  "an_int32" integer NOT NULL,
  "an_int64" bigint NOT NULL,
  "a_string" text COLLATE "C" NOT NULL,
  "a_guid" uuid NOT NULL,
  "a_date" date NOT NULL,
  "a_bool" boolean NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "times" bigint,
  PRIMARY KEY ("an_int32", "an_int64", "a_string", "a_guid", "a_date", "a_bool", "feature_timestamp", "created_timestamp")
);

-- the latest of everything_seen: one row per key
CREATE TABLE IF NOT EXISTS "everything_seen_latest" (
  "an_int32" integer NOT NULL,
  "an_int64" bigint NOT NULL,
  "a_string" text COLLATE "C" NOT NULL,
  "a_guid" uuid NOT NULL,
  "a_date" date NOT NULL,
  "a_bool" boolean NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "times" bigint,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("an_int32", "an_int64", "a_string", "a_guid", "a_date", "a_bool")
);
