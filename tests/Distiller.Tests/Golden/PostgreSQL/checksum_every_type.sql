-- Checksum. Training set: orders as of event_timestamp, with customer_profile.
-- customer_profile: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  COUNT(*) AS "rows",
  COALESCE(SUM(CAST(CAST('x' || substr(md5((((((((((((((((((((COALESCE(CAST(LENGTH(CAST("hashed"."order_id" AS text)) AS text) || (':' || CAST("hashed"."order_id" AS text)), '-') || COALESCE(CAST(LENGTH(CAST("hashed"."customer_id" AS text)) AS text) || (':' || CAST("hashed"."customer_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."referrer_id" AS text)) AS text) || (':' || CAST("hashed"."referrer_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."store" AS text)) AS text) || (':' || CAST("hashed"."store" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."product_id" AS text)) AS text) || (':' || CAST("hashed"."product_id" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST(EXTRACT(EPOCH FROM "hashed"."event_timestamp") * 1000000 AS bigint) AS text)) AS text) || (':' || CAST(CAST(EXTRACT(EPOCH FROM "hashed"."event_timestamp") * 1000000 AS bigint) AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."returned" AS text)) AS text) || (':' || CAST("hashed"."returned" AS text)), '-')) || COALESCE(CAST(LENGTH(CASE
    WHEN "hashed"."customer_profile__a_bool" THEN 'true'
    WHEN NOT ("hashed"."customer_profile__a_bool") THEN 'false'
  END) AS text) || (':' || CASE
    WHEN "hashed"."customer_profile__a_bool" THEN 'true'
    WHEN NOT ("hashed"."customer_profile__a_bool") THEN 'false'
  END), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__an_int32" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__an_int32" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__an_int64" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__an_int64" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_float32" + 0 AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_float32" + 0 AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_float64" + 0 AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_float64" + 0 AS text)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST("hashed"."customer_profile__a_decimal" AS numeric(28,10)) AS text)) AS text) || (':' || CAST(CAST("hashed"."customer_profile__a_decimal" AS numeric(28,10)) AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_string" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_string" AS text)), '-')) || COALESCE(CAST(LENGTH(encode("hashed"."customer_profile__some_bytes", 'hex')) AS text) || (':' || encode("hashed"."customer_profile__some_bytes", 'hex')), '-')) || COALESCE(CAST(LENGTH(CAST((("hashed"."customer_profile__a_date" - DATE '1970-01-01') * CAST(86400000000 AS bigint)) AS text)) AS text) || (':' || CAST((("hashed"."customer_profile__a_date" - DATE '1970-01-01') * CAST(86400000000 AS bigint)) AS text)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST(EXTRACT(EPOCH FROM "hashed"."customer_profile__a_timestamp") * 1000000 AS bigint) AS text)) AS text) || (':' || CAST(CAST(EXTRACT(EPOCH FROM "hashed"."customer_profile__a_timestamp") * 1000000 AS bigint) AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_guid" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_guid" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_json" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_json" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_vector" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__a_vector" AS text)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__three_floats" AS text)) AS text) || (':' || CAST("hashed"."customer_profile__three_floats" AS text)), '-')), 1, 15) AS bit(60)) AS bigint)), 0) AS "checksum"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    "customer_profile"."a_bool" AS "customer_profile__a_bool",
    "customer_profile"."an_int32" AS "customer_profile__an_int32",
    "customer_profile"."an_int64" AS "customer_profile__an_int64",
    "customer_profile"."a_float32" AS "customer_profile__a_float32",
    "customer_profile"."a_float64" AS "customer_profile__a_float64",
    "customer_profile"."a_decimal" AS "customer_profile__a_decimal",
    "customer_profile"."a_string" AS "customer_profile__a_string",
    "customer_profile"."some_bytes" AS "customer_profile__some_bytes",
    "customer_profile"."a_date" AS "customer_profile__a_date",
    "customer_profile"."a_timestamp" AS "customer_profile__a_timestamp",
    "customer_profile"."a_guid" AS "customer_profile__a_guid",
    "customer_profile"."a_json" AS "customer_profile__a_json",
    "customer_profile"."a_vector" AS "customer_profile__a_vector",
    "customer_profile"."three_floats" AS "customer_profile__three_floats"
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
    OFFSET 0
  ) AS "spine"
  LEFT JOIN LATERAL (
    SELECT
      "history"."a_bool",
      "history"."an_int32",
      "history"."an_int64",
      "history"."a_float32",
      "history"."a_float64",
      "history"."a_decimal",
      "history"."a_string",
      "history"."some_bytes",
      "history"."a_date",
      "history"."a_timestamp",
      "history"."a_guid",
      "history"."a_json",
      "history"."a_vector",
      "history"."three_floats",
      "history"."feature_timestamp"
    FROM "customer_profile_history" AS "history"
    WHERE "history"."customer_id" = "spine"."customer_id"
      AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
    LIMIT 1
  ) AS "customer_profile"
    ON TRUE
) AS "hashed";
