-- name: list_plans
SELECT id, tier, name, description, credits_per_month_micro, price_cents, billing_intervals,
  yearly_discount_percent, features, floor_micro
FROM plans WHERE active ORDER BY position;

-- name: create_subscription
-- $1: user, $2: plan
INSERT INTO subscriptions
  (user_id, plan_id, status, billing_interval, current_period_start, current_period_end)
VALUES ($1, $2, 'active', 'monthly', now(), now() + interval '1 month')
RETURNING id, user_id, plan_id, status, current_period_start, current_period_end;

-- name: find_subscription
-- $1: user
SELECT id, user_id, plan_id, status, current_period_start, current_period_end
FROM subscriptions WHERE user_id = $1 AND status IN ('trialing', 'active', 'past_due');
