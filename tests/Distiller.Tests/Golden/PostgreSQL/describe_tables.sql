-- Descriptions of customer_spend, customer_habits.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never altered.

-- describe customer_spend_history
COMMENT ON TABLE "customer_spend_history" IS 'History of feature set customer_spend of customer';

-- describe customer_spend_history, customer_id
COMMENT ON COLUMN "customer_spend_history"."customer_id" IS 'Key of customer: somebody who buys';

-- describe customer_spend_history, feature_timestamp
COMMENT ON COLUMN "customer_spend_history"."feature_timestamp" IS 'Event time: from when the row''s values hold';

-- describe customer_spend_history, created_timestamp
COMMENT ON COLUMN "customer_spend_history"."created_timestamp" IS 'Created time: when the row became known';

-- describe customer_spend_history, spend_7d
COMMENT ON COLUMN "customer_spend_history"."spend_7d" IS 'euros in the last seven days';

-- describe customer_spend_latest
COMMENT ON TABLE "customer_spend_latest" IS 'Latest of feature set customer_spend of customer';

-- describe customer_spend_latest, customer_id
COMMENT ON COLUMN "customer_spend_latest"."customer_id" IS 'Key of customer: somebody who buys';

-- describe customer_spend_latest, feature_timestamp
COMMENT ON COLUMN "customer_spend_latest"."feature_timestamp" IS 'Event time: from when the row''s values hold';

-- describe customer_spend_latest, created_timestamp
COMMENT ON COLUMN "customer_spend_latest"."created_timestamp" IS 'Created time: when the row became known';

-- describe customer_spend_latest, spend_7d
COMMENT ON COLUMN "customer_spend_latest"."spend_7d" IS 'euros in the last seven days';

-- describe customer_spend_latest, published_timestamp
COMMENT ON COLUMN "customer_spend_latest"."published_timestamp" IS 'When the row was last written';

-- describe customer_habits_history
COMMENT ON TABLE "customer_habits_history" IS 'History of feature set customer_habits of customer';

-- describe customer_habits_history, customer_id
COMMENT ON COLUMN "customer_habits_history"."customer_id" IS 'Key of customer: somebody who buys';

-- describe customer_habits_history, feature_timestamp
COMMENT ON COLUMN "customer_habits_history"."feature_timestamp" IS 'Event time: from when the row''s values hold';

-- describe customer_habits_history, created_timestamp
COMMENT ON COLUMN "customer_habits_history"."created_timestamp" IS 'Created time: when the row became known';

-- describe customer_habits_history, deleted
COMMENT ON COLUMN "customer_habits_history"."deleted" IS 'Whether the key ended at the event time';

-- describe customer_habits_latest
COMMENT ON TABLE "customer_habits_latest" IS 'Latest of feature set customer_habits of customer';

-- describe customer_habits_latest, customer_id
COMMENT ON COLUMN "customer_habits_latest"."customer_id" IS 'Key of customer: somebody who buys';

-- describe customer_habits_latest, feature_timestamp
COMMENT ON COLUMN "customer_habits_latest"."feature_timestamp" IS 'Event time: from when the row''s values hold';

-- describe customer_habits_latest, created_timestamp
COMMENT ON COLUMN "customer_habits_latest"."created_timestamp" IS 'Created time: when the row became known';

-- describe customer_habits_latest, deleted
COMMENT ON COLUMN "customer_habits_latest"."deleted" IS 'Whether the key ended at the event time';

-- describe customer_habits_latest, orders_7d__at
COMMENT ON COLUMN "customer_habits_latest"."orders_7d__at" IS 'Event time of orders_7d';

-- describe customer_habits_latest, vip__at
COMMENT ON COLUMN "customer_habits_latest"."vip__at" IS 'Event time of vip';

-- describe customer_habits_latest, published_timestamp
COMMENT ON COLUMN "customer_habits_latest"."published_timestamp" IS 'When the row was last written';
