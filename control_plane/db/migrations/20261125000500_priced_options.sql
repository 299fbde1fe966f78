-- What a vendor bills apart: service tiers, kinds of tokens, hosted tools, regions; and what of it
-- was served and charged.

-- migrate:up
-- Beside the prices of the standard tier, which are in `prices`.
CREATE TABLE price_rates (
  price_id text NOT NULL REFERENCES prices,
  tier text NOT NULL CHECK (tier <> ''),
  -- For prompts of so many tokens or more, cached ones included.
  from_tokens integer NOT NULL DEFAULT 0 CHECK (from_tokens >= 0),
  kind text NOT NULL CHECK (kind IN ('input', 'cache_read', 'cache_write', 'output',
    'cache_write_1h', 'audio_input', 'audio_cache_read', 'audio_output', 'image_input',
    'image_output')),
  -- Micro-credits per 1,000,000 tokens.
  micro bigint NOT NULL CHECK (micro > 0),
  PRIMARY KEY (price_id, tier, from_tokens, kind)
);

CREATE TABLE price_fees (
  price_id text NOT NULL REFERENCES prices,
  -- The use of a tool that the vendor runs itself, such as web_search.
  use text NOT NULL CHECK (use <> ''),
  micro_per_1k bigint NOT NULL CHECK (micro_per_1k > 0),
  PRIMARY KEY (price_id, use)
);

CREATE TABLE price_factors (
  price_id text NOT NULL REFERENCES prices,
  region text NOT NULL CHECK (region <> ''),
  -- On the prices of all tokens that are served there.
  percent integer NOT NULL CHECK (percent > 0),
  PRIMARY KEY (price_id, region)
);

ALTER TABLE models
  -- What multiplies the vendor's prices of this model; NULL is the deployment's own margin.
  ADD COLUMN margin_percent integer CHECK (margin_percent > 0);

ALTER TABLE usage_history
  ADD COLUMN service_tier text NOT NULL DEFAULT '',
  ADD COLUMN region text NOT NULL DEFAULT '',
  -- Counts of hosted tools that were charged, by their names.
  ADD COLUMN uses jsonb NOT NULL DEFAULT '{}',
  -- Tokens of kinds that may have a price of their own; each is part of a column above.
  ADD COLUMN token_parts jsonb NOT NULL DEFAULT '{}',
  -- What was served without a price, and charged at the dearest there was.
  ADD COLUMN unpriced text[] NOT NULL DEFAULT '{}';

-- migrate:down
ALTER TABLE usage_history DROP COLUMN service_tier, DROP COLUMN region, DROP COLUMN uses,
  DROP COLUMN token_parts, DROP COLUMN unpriced;
ALTER TABLE models DROP COLUMN margin_percent;
DROP TABLE price_factors, price_fees, price_rates;
