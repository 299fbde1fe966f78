-- What is for sale: plans and subscriptions, models, where they are served, what they cost.
-- much.

-- migrate:up
CREATE TABLE plans (
  id text PRIMARY KEY,
  tier text NOT NULL REFERENCES tiers,
  name text NOT NULL,
  description text NOT NULL,
  credits_per_month_micro bigint NOT NULL CHECK (credits_per_month_micro >= 0),
  price_cents bigint NOT NULL CHECK (price_cents >= 0),
  billing_intervals text[] NOT NULL,
  yearly_discount_percent integer NOT NULL DEFAULT 0
    CHECK (yearly_discount_percent BETWEEN 0 AND 100),
  features text[] NOT NULL DEFAULT '{}',
  position integer NOT NULL,
  active boolean NOT NULL DEFAULT true
);

CREATE TABLE subscriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users,
  plan_id text NOT NULL REFERENCES plans,
  status text NOT NULL
    CHECK (status IN ('trialing', 'active', 'past_due', 'cancelled', 'expired', 'incomplete')),
  billing_interval text NOT NULL CHECK (billing_interval IN ('monthly', 'yearly')),
  current_period_start timestamptz NOT NULL,
  current_period_end timestamptz NOT NULL CHECK (current_period_end > current_period_start),
  trial_end timestamptz,
  cancel_at_period_end boolean NOT NULL DEFAULT false,
  cancelled_at timestamptz,
  stripe_subscription text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- A user has at most one subscription that counts.
CREATE UNIQUE INDEX subscriptions_live ON subscriptions (user_id)
  WHERE status IN ('trialing', 'active', 'past_due');
CREATE INDEX subscriptions_due ON subscriptions (current_period_end)
  WHERE status IN ('trialing', 'active', 'past_due');

CREATE TABLE models (
  -- What a caller writes. What the provider wants is in model_routes.
  id text PRIMARY KEY CHECK (id <> ''),
  owned_by text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  capabilities text[] NOT NULL,
  context_length integer NOT NULL CHECK (context_length > 0),
  -- 0 for a model that writes no text, such as an embedding.
  max_output_tokens integer NOT NULL CHECK (max_output_tokens >= 0),
  input_cost_per_million_tokens bigint NOT NULL,
  output_cost_per_million_tokens bigint NOT NULL,
  version text NOT NULL,
  required_tier text NOT NULL REFERENCES tiers,
  available boolean NOT NULL DEFAULT true,
  sunset_at timestamptz,
  replacement_id text REFERENCES models,
  position integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX models_replacement ON models (replacement_id);

CREATE TABLE model_routes (
  model_id text NOT NULL REFERENCES models ON DELETE CASCADE,
  -- Routes are tried in this order, before the first byte only.
  position integer NOT NULL CHECK (position >= 0),
  provider text NOT NULL,
  upstream_model text NOT NULL,
  PRIMARY KEY (model_id, position)
);

CREATE TABLE prices (
  id text PRIMARY KEY,
  model_id text NOT NULL REFERENCES models,
  -- A price is never changed: a later row takes over from its date on.
  effective_at timestamptz NOT NULL,
  -- Micro-credits per 1,000,000 tokens of each kind.
  input_micro bigint NOT NULL CHECK (input_micro >= 0),
  cache_read_micro bigint NOT NULL CHECK (cache_read_micro >= 0),
  cache_write_micro bigint NOT NULL CHECK (cache_write_micro >= 0),
  output_micro bigint NOT NULL CHECK (output_micro >= 0),
  -- What the price list shows, in micro-credits.
  per_1k_tokens_micro bigint NOT NULL CHECK (per_1k_tokens_micro >= 0),
  UNIQUE (model_id, effective_at)
);

-- migrate:down
DROP TABLE prices, model_routes, models, subscriptions, plans;
