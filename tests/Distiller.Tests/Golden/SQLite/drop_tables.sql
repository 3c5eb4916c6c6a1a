-- Drops the tables of customer_spend, customer_balance, shelf_stock, customer_score.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never dropped.

-- drop the latest of customer_spend
DROP TABLE IF EXISTS "customer_spend_latest";

-- drop the history of customer_spend
DROP TABLE IF EXISTS "customer_spend_history";

-- drop the latest of customer_balance
DROP TABLE IF EXISTS "customer_balance_latest";

-- drop the history of customer_balance
DROP TABLE IF EXISTS "customer_balance_history";

-- drop the latest of shelf_stock
DROP TABLE IF EXISTS "shelf_stock_latest";

-- drop the history of shelf_stock
DROP TABLE IF EXISTS "shelf_stock_history";

-- drop the latest of customer_score
DROP TABLE IF EXISTS "shop"."Score Now";

-- drop the history of customer_score
DROP TABLE IF EXISTS "shop"."Score Log";
