-- Keys that users make for their own programs.

-- migrate:up
CREATE TABLE api_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL CHECK (name <> ''),
  -- The first characters, to tell keys apart.
  prefix text NOT NULL,
  -- SHA-256 of the secret, which is shown once and stored nowhere.
  digest text NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  -- What it may take in all; NULL is no cap of its own.
  cap_micro bigint CHECK (cap_micro > 0),
  -- What it has taken, as far as it is booked.
  spent_micro bigint NOT NULL DEFAULT 0,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at);

-- migrate:down
DROP TABLE api_keys;
