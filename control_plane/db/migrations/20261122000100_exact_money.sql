-- What makes the books exact across a loss of Redis, and what runs by the clock.

-- migrate:up
-- Low-credit alerts: percents of the balance after the last grant, each told once on the way down.
ALTER TABLE tiers ADD COLUMN alert_percents integer[] NOT NULL DEFAULT '{20,5,0}'
  CHECK (0 <= ALL (alert_percents) AND 100 >= ALL (alert_percents));

-- How far a charge may take a balance below zero; what lies beyond is written off.
ALTER TABLE plans ADD COLUMN floor_micro bigint NOT NULL DEFAULT -50000000
  CHECK (floor_micro <= 0);

ALTER TABLE accounts
  ADD COLUMN alert_basis bigint NOT NULL DEFAULT 0 CHECK (alert_basis >= 0),
  -- The books of this account disagree: no grant goes out until they are found right.
  ADD COLUMN frozen_at timestamptz;
ALTER TABLE accounts ALTER COLUMN floor SET DEFAULT -50000000;
UPDATE accounts SET floor = -50000000, alert_basis = greatest(0, (
  SELECT coalesce(sum(remaining), 0) FROM lots WHERE lots.account = accounts.id) - debt);

ALTER TABLE lots ADD COLUMN used bigint NOT NULL GENERATED ALWAYS AS (amount - remaining) STORED;
-- `remaining` stays out of it, for a change of `remaining` must stay a heap-only one.
CREATE INDEX lots_expiry ON lots (expires_at) WHERE expires_at IS NOT NULL;

-- A request is charged once, whatever Redis lost meanwhile; `adjusted` belongs to its `expired`.
DROP INDEX ledger_tx_request;
CREATE UNIQUE INDEX ledger_tx_charged_once ON ledger_tx (account, request_id)
  WHERE kind IN ('settled', 'unreserved', 'expired');

-- A correction tells Redis what PostgreSQL booked without it: per lot what is given or taken, and
-- what is added to the debt. `moved` is by how much it raises what the account has.
ALTER TABLE grant_outbox
  ADD COLUMN part_lots uuid[],
  ADD COLUMN part_amounts bigint[],
  ADD COLUMN debt bigint,
  ADD COLUMN moved bigint,
  -- Redis could not take it: the balance would be too large to count.
  ADD COLUMN refused_at timestamptz,
  DROP CONSTRAINT grant_outbox_kind_check,
  ADD CONSTRAINT grant_outbox_kind_check CHECK (kind IN ('grant', 'amend', 'correction')),
  ADD CONSTRAINT grant_outbox_correction_check CHECK (
    (kind = 'correction') = (num_nulls(part_lots, part_amounts, debt, moved) = 0));
CREATE INDEX grant_outbox_waiting ON grant_outbox (account, gv)
  WHERE delivered_at IS NULL AND kind = 'grant';

CREATE TABLE credit_alerts (
  tx bigint PRIMARY KEY REFERENCES ledger_tx,
  account uuid NOT NULL REFERENCES accounts,
  event_type text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN threshold_percent = 0 THEN 'credits.depleted' ELSE 'credits.low' END) STORED,
  threshold_percent integer NOT NULL CHECK (threshold_percent BETWEEN 0 AND 100),
  -- Micro-credits: what was available, and what the threshold is a percentage of.
  remaining bigint NOT NULL,
  basis bigint NOT NULL CHECK (basis >= 0),
  occurred_at timestamptz NOT NULL
);
CREATE INDEX credit_alerts_account ON credit_alerts (account, occurred_at DESC);

-- When something that runs by the clock ran last: of several processes one runs it.
CREATE TABLE schedules (
  name text PRIMARY KEY,
  ran_at timestamptz NOT NULL
);

-- The months of a subscription, each with the credits it brought: granted once, for there is one
-- row for it. `anchor_at` keeps the day of the month, which adding a month to a month would lose.
ALTER TABLE subscriptions ADD COLUMN anchor_at timestamptz;
UPDATE subscriptions SET anchor_at = current_period_start;
ALTER TABLE subscriptions
  ALTER COLUMN anchor_at SET NOT NULL, ALTER COLUMN anchor_at SET DEFAULT now();
CREATE INDEX subscriptions_user ON subscriptions (user_id);

CREATE TABLE subscription_periods (
  subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
  period integer NOT NULL CHECK (period >= 0),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  lot uuid UNIQUE REFERENCES lots,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subscription_id, period)
);
INSERT INTO subscription_periods (subscription_id, period, starts_at, ends_at)
  SELECT id, 0, current_period_start, current_period_end FROM subscriptions;

ALTER TABLE user_preferences ADD FOREIGN KEY (default_model_id) REFERENCES models
  ON DELETE SET NULL;
CREATE INDEX user_preferences_model ON user_preferences (default_model_id);

-- A row of history stays though its model goes: `model_id` is what was asked for, not a reference.
ALTER TABLE usage_history ADD COLUMN total_tokens bigint GENERATED ALWAYS AS (
  input_tokens + cache_read_tokens + cache_write_tokens + output_tokens) STORED;
ALTER TABLE usage_history ADD FOREIGN KEY (account) REFERENCES accounts;
ALTER TABLE usage_hourly ADD FOREIGN KEY (account) REFERENCES accounts;
ALTER TABLE usage_daily ADD FOREIGN KEY (account) REFERENCES accounts;
ALTER TABLE usage_by_model ADD FOREIGN KEY (account) REFERENCES accounts;

-- What a user has, as far as it is booked: one row each.
CREATE VIEW credits AS
SELECT a.id, a.id AS user_id, s.current_period_start AS billing_period_start,
  s.current_period_end AS billing_period_end, coalesce(l.total, 0) AS total_micro,
  coalesce(l.total - l.remaining, 0) + a.debt AS used_micro,
  coalesce(l.remaining, 0) - a.debt AS remaining_micro
FROM accounts a
LEFT JOIN subscriptions s ON s.user_id = a.id AND s.status IN ('trialing', 'active', 'past_due')
LEFT JOIN LATERAL (
  SELECT sum(amount)::bigint AS total, sum(remaining)::bigint AS remaining
  FROM lots WHERE account = a.id AND (expires_at IS NULL OR expires_at > now())) l ON true;

-- migrate:down
DROP VIEW credits;
ALTER TABLE usage_by_model DROP CONSTRAINT usage_by_model_account_fkey;
ALTER TABLE usage_daily DROP CONSTRAINT usage_daily_account_fkey;
ALTER TABLE usage_hourly DROP CONSTRAINT usage_hourly_account_fkey;
ALTER TABLE usage_history DROP CONSTRAINT usage_history_account_fkey, DROP COLUMN total_tokens;
DROP INDEX user_preferences_model;
ALTER TABLE user_preferences DROP CONSTRAINT user_preferences_default_model_id_fkey;
DROP TABLE subscription_periods, schedules, credit_alerts;
DROP INDEX subscriptions_user;
ALTER TABLE subscriptions DROP COLUMN anchor_at;
DROP INDEX grant_outbox_waiting;
DELETE FROM grant_outbox WHERE kind = 'correction';
ALTER TABLE grant_outbox
  DROP CONSTRAINT grant_outbox_correction_check, DROP CONSTRAINT grant_outbox_kind_check,
  ADD CONSTRAINT grant_outbox_kind_check CHECK (kind IN ('grant', 'amend')),
  DROP COLUMN part_lots, DROP COLUMN part_amounts, DROP COLUMN debt, DROP COLUMN moved,
  DROP COLUMN refused_at;
DROP INDEX ledger_tx_charged_once;
CREATE INDEX ledger_tx_request ON ledger_tx (request_id) WHERE request_id IS NOT NULL;
DROP INDEX lots_expiry;
ALTER TABLE lots DROP COLUMN used;
ALTER TABLE accounts DROP COLUMN alert_basis, DROP COLUMN frozen_at,
  ALTER COLUMN floor SET DEFAULT 0;
ALTER TABLE plans DROP COLUMN floor_micro;
ALTER TABLE tiers DROP COLUMN alert_percents;
