-- Who may sign in, through which clients, and the keys that sign what they are given.

-- migrate:up
CREATE TABLE tiers (
  id text PRIMARY KEY,
  rank integer NOT NULL UNIQUE CHECK (rank >= 0),
  -- A missing limit is no limit. Credits are micro-credits.
  requests_per_minute bigint CHECK (requests_per_minute >= 0),
  tokens_per_minute bigint CHECK (tokens_per_minute >= 0),
  credits_per_day_micro bigint CHECK (credits_per_day_micro >= 0),
  concurrent_requests bigint CHECK (concurrent_requests >= 0)
);

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Normalised before it comes here, so that one person is one row.
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  email_verified boolean NOT NULL DEFAULT false,
  -- argon2id, or null for a user who has no password yet.
  password_hash text CHECK (password_hash LIKE '$argon2id$%'),
  username text UNIQUE,
  first_name text,
  last_name text,
  profile_picture_url text,
  tier text NOT NULL REFERENCES tiers,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
  is_admin boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz,
  deleted_at timestamptz
);

CREATE TABLE user_preferences (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  default_model_id text,
  enable_streaming boolean NOT NULL DEFAULT true,
  max_tokens integer NOT NULL DEFAULT 4096 CHECK (max_tokens >= 1),
  temperature numeric(3, 2) NOT NULL DEFAULT 0.7 CHECK (temperature BETWEEN 0 AND 2),
  preferences_metadata jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(preferences_metadata) = 'object'),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE oauth_clients (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- Null for a public client, which proves itself by PKCE instead.
  secret_hash text,
  redirect_uris text[] NOT NULL,
  grant_types text[] NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE signing_keys (
  -- The key's RFC 7638 thumbprint.
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  public_jwk jsonb NOT NULL,
  -- AES-GCM under a key derived from HEADRACE_SECRET_KEY: a stolen dump cannot sign.
  private_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- A retired key no longer signs, but what it signed is verified until it has expired.
  retired_at timestamptz
);

-- migrate:down
DROP TABLE signing_keys, oauth_clients, user_preferences, users, tiers;
