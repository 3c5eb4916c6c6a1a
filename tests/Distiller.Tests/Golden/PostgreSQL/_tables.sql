-- The tables Distiller does not create, as PostgreSQL keeps them: the spines, what is published, and drop-in tables in every form of time (T4).

CREATE SCHEMA shop;

CREATE TABLE orders (
  order_id bigint,
  customer_id bigint,
  referrer_id bigint,
  store text,
  product_id integer,
  event_timestamp timestamptz,
  returned boolean
);

INSERT INTO orders VALUES
  (1, 10, 11, 'north', 1, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', FALSE),
  (2, 10, 11, 'north', 2, TIMESTAMPTZ '2026-03-02 00:00:00.000000+00', FALSE),
  (3, 10, NULL, 'south', 1, TIMESTAMPTZ '2026-03-02 18:00:00.250000+00', TRUE),
  (4, 11, 10, 'north', 1, TIMESTAMPTZ '2026-03-01 05:59:59.999999+00', FALSE),
  (5, 11, 10, 'south', 1, TIMESTAMPTZ '2026-03-03 06:30:00.500000+00', FALSE),
  (6, NULL, 10, NULL, 1, TIMESTAMPTZ '2026-03-05 00:00:00.000000+00', FALSE),
  (7, 12, 12, 'north', NULL, NULL, FALSE),
  (8, 12, 10, 'south', 2, TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', TRUE),
  (8, 12, 10, 'south', 2, TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', TRUE),
  (9, 99, 98, 'it''s', 1, TIMESTAMPTZ '2026-03-04 00:00:00.000000+00', FALSE);

CREATE TABLE order_times (
  order_id bigint,
  customer_id bigint,
  at_instant timestamptz,
  at_timestamp timestamp,
  at_date date,
  at_seconds bigint,
  at_milliseconds bigint,
  at_microseconds bigint,
  at_ordinal bigint
);

INSERT INTO order_times VALUES
  (1, 10, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMP '2026-03-01 00:00:00.000000', DATE '2026-03-01', 1772323200, 1772323200000, 1772323200000000, 1772323200),
  (2, 10, TIMESTAMPTZ '2026-03-02 00:00:00.000000+00', TIMESTAMP '2026-03-02 00:00:00.000000', DATE '2026-03-02', 1772409600, 1772409600000, 1772409600000000, 1772409600),
  (3, 10, TIMESTAMPTZ '2026-03-02 18:00:00.250000+00', TIMESTAMP '2026-03-02 18:00:00.250000', DATE '2026-03-02', 1772474400, 1772474400250, 1772474400250000, 1772474400),
  (4, 11, TIMESTAMPTZ '2026-03-01 05:59:59.999999+00', TIMESTAMP '2026-03-01 05:59:59.999999', DATE '2026-03-01', 1772344799, 1772344799999, 1772344799999999, 1772344799),
  (5, 11, TIMESTAMPTZ '2026-03-03 06:30:00.500000+00', TIMESTAMP '2026-03-03 06:30:00.500000', DATE '2026-03-03', 1772519400, 1772519400500, 1772519400500000, 1772519400),
  (6, NULL, TIMESTAMPTZ '2026-03-05 00:00:00.000000+00', TIMESTAMP '2026-03-05 00:00:00.000000', DATE '2026-03-05', 1772668800, 1772668800000, 1772668800000000, 1772668800),
  (8, 12, TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', TIMESTAMP '2026-05-20 12:00:00.000001', DATE '2026-05-20', 1779278400, 1779278400000, 1779278400000001, 1779278400),
  (8, 12, TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', TIMESTAMP '2026-05-20 12:00:00.000001', DATE '2026-05-20', 1779278400, 1779278400000, 1779278400000001, 1779278400),
  (9, 99, TIMESTAMPTZ '2026-03-04 00:00:00.000000+00', TIMESTAMP '2026-03-04 00:00:00.000000', DATE '2026-03-04', 1772582400, 1772582400000, 1772582400000000, 1772582400);

CREATE TABLE tiers (
  customer_id bigint,
  valid_instant timestamptz,
  valid_timestamp timestamp,
  valid_date date,
  valid_seconds bigint,
  valid_milliseconds bigint,
  valid_microseconds bigint,
  valid_ordinal bigint,
  known_instant timestamptz,
  known_timestamp timestamp,
  known_date date,
  known_seconds bigint,
  known_milliseconds bigint,
  known_microseconds bigint,
  known_ordinal bigint,
  tier text,
  discount double precision,
  version bigint,
  id bigint
);

INSERT INTO tiers VALUES
  (10, TIMESTAMPTZ '2026-02-28 08:00:00.000000+00', TIMESTAMP '2026-02-28 08:00:00.000000', DATE '2026-02-28', 1772265600, 1772265600000, 1772265600000000, 1772265600, TIMESTAMPTZ '2026-02-28 09:00:00.000000+00', TIMESTAMP '2026-02-28 09:00:00.000000', DATE '2026-02-28', 1772269200, 1772269200000, 1772269200000000, 1772269200, 'bronze', 0.05, 1, 1),
  (10, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMP '2026-03-01 00:00:00.000000', DATE '2026-03-01', 1772323200, 1772323200000, 1772323200000000, 1772323200, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMP '2026-03-01 00:00:00.000000', DATE '2026-03-01', 1772323200, 1772323200000, 1772323200000000, 1772323200, 'silver', 0.1, 2, 2),
  (10, TIMESTAMPTZ '2026-03-01 17:00:00.500000+00', TIMESTAMP '2026-03-01 17:00:00.500000', DATE '2026-03-01', 1772384400, 1772384400500, 1772384400500000, 1772384400, TIMESTAMPTZ '2026-03-05 00:00:00.000000+00', TIMESTAMP '2026-03-05 00:00:00.000000', DATE '2026-03-05', 1772668800, 1772668800000, 1772668800000000, 1772668800, 'gold', NULL, 2, 3),
  (10, TIMESTAMPTZ '2026-03-02 00:00:00.000001+00', TIMESTAMP '2026-03-02 00:00:00.000001', DATE '2026-03-02', 1772409600, 1772409600000, 1772409600000001, 1772409600, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'none', 0.0, 1, 4),
  (11, TIMESTAMPTZ '2026-03-01 05:59:59.999999+00', TIMESTAMP '2026-03-01 05:59:59.999999', DATE '2026-03-01', 1772344799, 1772344799999, 1772344799999999, 1772344799, TIMESTAMPTZ '2026-03-02 00:00:00.250000+00', TIMESTAMP '2026-03-02 00:00:00.250000', DATE '2026-03-02', 1772409600, 1772409600250, 1772409600250000, 1772409600, 'silver', 0.1, 1, 5),
  (11, TIMESTAMPTZ '2026-03-01 06:00:00.000000+00', TIMESTAMP '2026-03-01 06:00:00.000000', DATE '2026-03-01', 1772344800, 1772344800000, 1772344800000000, 1772344800, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'bronze', 0.05, 1, 6),
  (12, TIMESTAMPTZ '2026-05-18 12:00:00.000001+00', TIMESTAMP '2026-05-18 12:00:00.000001', DATE '2026-05-18', 1779105600, 1779105600000, 1779105600000001, 1779105600, TIMESTAMPTZ '2026-05-19 00:00:00.000000+00', TIMESTAMP '2026-05-19 00:00:00.000000', DATE '2026-05-19', 1779148800, 1779148800000, 1779148800000000, 1779148800, 'gold', 0.25, 1, 7),
  (12, TIMESTAMPTZ '1969-12-31 23:59:59.750000+00', TIMESTAMP '1969-12-31 23:59:59.750000', DATE '1969-12-31', -1, -250, -250000, -1, TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', TIMESTAMP '1969-12-31 23:59:59.999999', DATE '1969-12-31', -1, -1, -1, -1, 'first', 0.5, 1, 8),
  (NULL, TIMESTAMPTZ '2026-01-01 00:00:00.000000+00', TIMESTAMP '2026-01-01 00:00:00.000000', DATE '2026-01-01', 1767225600, 1767225600000, 1767225600000000, 1767225600, TIMESTAMPTZ '2026-01-01 00:00:00.000000+00', TIMESTAMP '2026-01-01 00:00:00.000000', DATE '2026-01-01', 1767225600, 1767225600000, 1767225600000000, 1767225600, 'nobody', 0.9, 1, 9);

CREATE TABLE incoming_spend (
  customer_id bigint,
  feature_timestamp timestamptz,
  created_timestamp timestamptz,
  spend_7d double precision,
  orders_7d integer,
  vip boolean
);

INSERT INTO incoming_spend VALUES
  (10, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMPTZ '2026-03-01 00:05:00.000000+00', 10.5, 1, TRUE),
  (10, TIMESTAMPTZ '2026-03-02 00:00:00.000000+00', TIMESTAMPTZ '2026-03-02 00:05:00.000000+00', 20.5, 2, NULL),
  (10, TIMESTAMPTZ '2026-03-02 00:00:00.000000+00', TIMESTAMPTZ '2026-03-02 12:00:00.000000+00', 21.5, 2, FALSE),
  (10, TIMESTAMPTZ '2026-02-28 12:00:00.000001+00', TIMESTAMPTZ '2026-03-04 00:00:00.000000+00', 9.25, 1, TRUE),
  (11, TIMESTAMPTZ '2026-03-01 06:00:00.000000+00', TIMESTAMPTZ '2026-03-03 06:30:00.500001+00', 5.0, NULL, TRUE),
  (11, TIMESTAMPTZ '2026-02-01 00:00:00.000000+00', TIMESTAMPTZ '2026-02-01 00:00:00.000000+00', 4.5, 7, FALSE),
  (12, TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', TIMESTAMPTZ '2026-05-20 12:00:00.000001+00', 3.75, 0, FALSE),
  (12, TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', TIMESTAMPTZ '2026-01-01 00:00:00.000000+00', 1.25, 0, FALSE);

CREATE TABLE incoming_stock (
  store text,
  product_id integer,
  feature_timestamp timestamptz,
  created_timestamp timestamptz,
  in_stock integer,
  price numeric(9,2)
);

INSERT INTO incoming_stock VALUES
  ('north', 1, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMPTZ '2026-03-01 00:00:00.000001+00', 5, 9.99),
  ('north', 2, TIMESTAMPTZ '2026-02-01 00:00:00.000000+00', TIMESTAMPTZ '2026-02-01 00:00:00.000000+00', 6, 19.90),
  ('south', 1, TIMESTAMPTZ '2026-03-02 18:00:00.250000+00', TIMESTAMPTZ '2026-03-02 18:00:01.000000+00', 7, 0.01),
  ('south', 2, TIMESTAMPTZ '2026-03-02 18:00:00.250001+00', TIMESTAMPTZ '2026-03-02 18:00:01.000000+00', NULL, 100.00);

CREATE TABLE incoming_profile (
  customer_id bigint,
  feature_timestamp timestamptz,
  created_timestamp timestamptz,
  a_bool boolean,
  an_int32 integer,
  an_int64 bigint,
  a_float32 real,
  a_float64 double precision,
  a_decimal numeric(28,10),
  a_string text,
  some_bytes bytea,
  a_date date,
  a_timestamp timestamptz,
  a_guid uuid,
  a_json jsonb,
  a_vector real[],
  three_floats real[]
);

INSERT INTO incoming_profile VALUES
  (10, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TRUE, -2147483648, 9223372036854775807, 1.5, -1e300, 123456789012345678.0123456789, 'it''s', '\x00ff', DATE '1969-12-31', TIMESTAMPTZ '2026-03-01 00:00:00.000001+00', '0F8FAD5B-D9CB-469F-A165-70867728950E', '{"a": 1}', '{1,2,-3}', '{1,2,-3}');

CREATE TABLE tier_log (
  customer_id bigint,
  valid_from timestamptz,
  known_at timestamptz,
  tier text,
  points bigint
);

CREATE TABLE tier_now (
  customer_id bigint,
  valid_from timestamptz,
  known_at timestamptz,
  tier text,
  points bigint,
  PRIMARY KEY (customer_id)
);

CREATE TABLE incoming_tiers (
  customer_id bigint,
  valid_from timestamptz,
  known_at timestamptz,
  tier text,
  points bigint
);

INSERT INTO incoming_tiers VALUES
  (10, TIMESTAMPTZ '2026-02-28 08:00:00.000000+00', TIMESTAMPTZ '2026-02-28 09:00:00.000000+00', 'bronze', 1),
  (10, TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', TIMESTAMPTZ '2026-03-01 00:00:00.000000+00', 'silver', 2),
  (10, TIMESTAMPTZ '2026-03-01 17:00:00.500000+00', TIMESTAMPTZ '2026-03-05 00:00:00.000000+00', 'gold', 2),
  (10, TIMESTAMPTZ '2026-03-02 00:00:00.000001+00', NULL, 'none', 1),
  (11, TIMESTAMPTZ '2026-03-01 05:59:59.999999+00', TIMESTAMPTZ '2026-03-02 00:00:00.250000+00', 'silver', 1),
  (11, TIMESTAMPTZ '2026-03-01 06:00:00.000000+00', NULL, 'bronze', 1),
  (12, TIMESTAMPTZ '2026-05-18 12:00:00.000001+00', TIMESTAMPTZ '2026-05-19 00:00:00.000000+00', 'gold', 1),
  (12, TIMESTAMPTZ '1969-12-31 23:59:59.750000+00', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', 'first', 1);

CREATE TABLE rank_log (
  customer_id bigint,
  valid_from date,
  rank text,
  version bigint
);

CREATE TABLE rank_now (
  customer_id bigint,
  valid_from date,
  rank text,
  version bigint,
  PRIMARY KEY (customer_id)
);

CREATE TABLE incoming_ranks (
  customer_id bigint,
  valid_from date,
  rank text,
  version bigint
);

INSERT INTO incoming_ranks VALUES
  (10, DATE '2026-02-28', 'bronze', 1),
  (10, DATE '2026-03-01', 'silver', 2),
  (10, DATE '2026-03-01', 'gold', 3),
  (10, DATE '2026-03-02', 'none', 4),
  (11, DATE '2026-03-01', 'silver', 5),
  (11, DATE '2026-03-01', 'bronze', 6),
  (12, DATE '2026-05-18', 'gold', 7),
  (12, DATE '1969-12-31', 'first', 8);

CREATE TABLE train_log (
  customer_spend__spend_7d double precision,
  customer_spend__orders_7d integer,
  customer_spend__vip boolean,
  order_id bigint,
  customer_id bigint,
  event_timestamp timestamptz
);

CREATE TABLE contracts (
  customer_id bigint,
  valid_from timestamptz,
  valid_to timestamptz,
  from_day date,
  to_day date,
  known_at timestamptz,
  tier text,
  points bigint
);

INSERT INTO contracts VALUES
  (10, '2026-02-01 00:00:00+00', '2026-03-02 00:00:00+00', '2026-02-01', '2026-03-02', '2026-02-01 00:00:00+00', 'bronze', 1),
  (10, '2026-03-02 12:00:00+00', '2026-03-04 00:00:00+00', '2026-03-02', '2026-03-04', NULL, 'silver', 2),
  (11, '2026-03-01 05:59:59+00', NULL, '2026-03-01', NULL, '2026-03-05 00:00:00+00', 'gold', 3);

CREATE TABLE countries (
  customer_id bigint,
  country text
);

INSERT INTO countries VALUES
  (10, 'AT'),
  (11, NULL),
  (NULL, 'XX');

CREATE TABLE incoming_events (
  customer_id bigint,
  attribute text,
  value text,
  feature_timestamp timestamptz,
  created_timestamp timestamptz
);

INSERT INTO incoming_events VALUES
  (10, 'heat', '36.5', '2026-03-01 00:00:00+00', '2026-03-01 00:05:00+00'),
  (10, 'steps', '1200', '2026-03-01 00:00:00+00', '2026-03-01 00:05:00+00'),
  (10, 'awake', 'true', '2026-03-01 00:00:00+00', '2026-03-01 00:05:00+00'),
  (11, 'heat', '37.25', '2026-03-02 00:00:00+00', NULL),
  (11, 'weight', '80', '2026-03-02 00:00:00+00', NULL);

CREATE TABLE incoming_measures (
  customer_id bigint,
  attribute text,
  value text,
  feature_timestamp timestamptz,
  created_timestamp timestamptz
);

INSERT INTO incoming_measures VALUES
  (10, 'heat', '36.5', '2026-03-01 00:00:00+00', '2026-03-01 00:05:00+00'),
  (10, 'light', NULL, '2026-03-01 00:00:00+00', '2026-03-01 00:05:00+00');
