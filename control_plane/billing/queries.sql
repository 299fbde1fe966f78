-- name: list_plans
SELECT p.id, p.tier, p.name, p.description, p.credits_per_month_micro, p.price_cents,
  p.billing_intervals, p.yearly_discount_percent, p.features, p.floor_micro, t.requests_per_minute,
  t.body_bytes_max
FROM plans p JOIN tiers t ON t.id = p.tier
WHERE p.active ORDER BY p.position;

-- name: create_subscription
-- $1: user, $2: plan. With its first period.
WITH made AS (
  INSERT INTO subscriptions
    (user_id, plan_id, status, billing_interval, current_period_start, current_period_end)
  VALUES ($1, $2, 'active', 'monthly', now(), now() + interval '1 month')
  RETURNING id, user_id, plan_id, status, current_period_start, current_period_end),
begun AS (
  INSERT INTO subscription_periods (subscription_id, period, starts_at, ends_at)
  SELECT id, 0, current_period_start, current_period_end FROM made)
SELECT * FROM made;

-- name: create_period
-- $1: subscription, $2: number of the period, $3: its start, $4: its end. A row once only.
INSERT INTO subscription_periods (subscription_id, period, starts_at, ends_at)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING period;

-- name: set_period_lot
-- $1: subscription, $2: period, $3: lot
UPDATE subscription_periods SET lot = $3 WHERE subscription_id = $1 AND period = $2;

-- name: take_due
-- One subscription whose period has ended, skipping those that another process has locked.
-- Subscriptions billed by Stripe are renewed by its webhooks. Months are counted from the anchor,
-- so that a subscription started on the 31st renews on the last day of each month; missed months
-- are not granted later. Subscriptions of deleted users are renewed when they come back.
SELECT s.id, s.user_id, s.cancel_at_period_end, p.id AS plan_id, p.price_cents,
  p.credits_per_month_micro, p.floor_micro, month.number AS period,
  s.anchor_at + make_interval(months => month.number) AS starts_at,
  s.anchor_at + make_interval(months => month.number + 1) AS ends_at
FROM subscriptions s JOIN plans p ON p.id = s.plan_id
JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL
CROSS JOIN LATERAL (
  SELECT min(n) AS number FROM generate_series(0, 1200) AS n
  WHERE s.anchor_at + make_interval(months => n + 1) > now()) AS month
WHERE s.current_period_end <= now() AND s.status IN ('trialing', 'active', 'past_due')
  AND s.stripe_subscription IS NULL AND s.billing_interval = 'monthly'
ORDER BY s.current_period_end LIMIT 1
FOR UPDATE OF s SKIP LOCKED;

-- name: begin_period
-- $1: subscription, $2: start, $3: end
UPDATE subscriptions SET status = 'active', current_period_start = $2, current_period_end = $3,
  updated_at = now() WHERE id = $1;

-- name: end_subscription
-- $1: subscription
UPDATE subscriptions SET status = 'expired', updated_at = now() WHERE id = $1;

-- name: find_subscription
-- $1: user
SELECT id, user_id, plan_id, status, current_period_start, current_period_end
FROM subscriptions WHERE user_id = $1 AND status IN ('trialing', 'active', 'past_due');
