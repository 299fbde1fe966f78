-- What a user shows beside the password, or in its place.

-- migrate:up
CREATE TABLE totp_secrets (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  secret_sealed bytea NOT NULL,
  -- The time step of the last code that was accepted: none is accepted twice.
  last_step bigint NOT NULL DEFAULT 0,
  -- Null while it was shown, but no code of it was seen.
  confirmed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE passkeys (
  credential_id bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

-- Challenges prove themselves; what is kept is which were answered, until they are over.
CREATE TABLE spent_challenges (
  challenge bytea PRIMARY KEY,
  spent_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spent_challenges_by_time ON spent_challenges (spent_at);

-- Whose password was right in this browser, while the second factor is asked for.
CREATE TABLE login_steps (
  browser_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  tries integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_steps_of_user ON login_steps (user_id);

-- migrate:down
DROP TABLE login_steps, spent_challenges, passkeys, recovery_codes, totp_secrets;
