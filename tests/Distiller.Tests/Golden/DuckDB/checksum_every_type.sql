-- Checksum. Training set: orders as of event_timestamp, with customer_profile.
-- customer_profile: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  COUNT(*) AS "rows",
  COALESCE(SUM(CAST('0x' || substr(md5((((((((((((((((((((COALESCE(CAST(LENGTH(CAST("hashed"."order_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."order_id" AS VARCHAR)), '-') || COALESCE(CAST(LENGTH(CAST("hashed"."customer_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."referrer_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."referrer_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."store" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."store" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."product_id" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."product_id" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST(epoch_us("hashed"."event_timestamp") AS VARCHAR)) AS VARCHAR) || (':' || CAST(epoch_us("hashed"."event_timestamp") AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."returned" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."returned" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CASE
    WHEN "hashed"."customer_profile__a_bool" THEN 'true'
    WHEN NOT ("hashed"."customer_profile__a_bool") THEN 'false'
  END) AS VARCHAR) || (':' || CASE
    WHEN "hashed"."customer_profile__a_bool" THEN 'true'
    WHEN NOT ("hashed"."customer_profile__a_bool") THEN 'false'
  END), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__an_int32" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__an_int32" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__an_int64" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__an_int64" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_float32" + 0 AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_float32" + 0 AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_float64" + 0 AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_float64" + 0 AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST(CAST("hashed"."customer_profile__a_decimal" AS DECIMAL(28,10)) AS VARCHAR)) AS VARCHAR) || (':' || CAST(CAST("hashed"."customer_profile__a_decimal" AS DECIMAL(28,10)) AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_string" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_string" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(hex("hashed"."customer_profile__some_bytes")) AS VARCHAR) || (':' || hex("hashed"."customer_profile__some_bytes")), '-')) || COALESCE(CAST(LENGTH(CAST(epoch_us(CAST("hashed"."customer_profile__a_date" AS TIMESTAMP)) AS VARCHAR)) AS VARCHAR) || (':' || CAST(epoch_us(CAST("hashed"."customer_profile__a_date" AS TIMESTAMP)) AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST(epoch_us("hashed"."customer_profile__a_timestamp") AS VARCHAR)) AS VARCHAR) || (':' || CAST(epoch_us("hashed"."customer_profile__a_timestamp") AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_guid" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_guid" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_json" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_json" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__a_vector" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__a_vector" AS VARCHAR)), '-')) || COALESCE(CAST(LENGTH(CAST("hashed"."customer_profile__three_floats" AS VARCHAR)) AS VARCHAR) || (':' || CAST("hashed"."customer_profile__three_floats" AS VARCHAR)), '-')), 1, 15) AS BIGINT)), 0) AS "checksum"
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
  FROM "orders" AS "spine"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
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
      "history"."feature_timestamp",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
    FROM "customer_profile_history" AS "history"
  ) AS "customer_profile"
    ON "spine"."customer_id" = "customer_profile"."customer_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_profile"."asof_order"
) AS "hashed";
