-- Signing in: browser sessions, grants, codes and tokens. Every secret is kept as its SHA-256
-- only, so a dump of these tables opens nothing.

-- migrate:up
ALTER TABLE oauth_clients
  ADD application_type text NOT NULL DEFAULT 'native' CHECK (application_type IN ('native', 'web')),
  ADD post_logout_redirect_uris text[] NOT NULL DEFAULT '{}',
  -- For applications of the operator's own: their users are not asked what they allow.
  ADD skip_consent boolean NOT NULL DEFAULT false;

-- A key is published before it signs, so that every verifier knows it by then.
ALTER TABLE signing_keys ADD active_at timestamptz NOT NULL DEFAULT now();

-- A browser that is signed in. A new id at every login; ended here, not by the cookie's end.
CREATE TABLE browser_sessions (
  id_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  authenticated_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  methods text[] NOT NULL,
  ip text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT ''
);
CREATE INDEX browser_sessions_of_user ON browser_sessions (user_id);

-- A request for authorization while its user signs in and consents, bound to that one browser.
CREATE TABLE interactions (
  id_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  request jsonb NOT NULL,
  began_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX interactions_by_end ON interactions (expires_at);

-- What a user lets one application do: the family of all its codes and tokens, and a line in the
-- user's list of devices. Its id is the `sid` of every access token.
CREATE TABLE grants (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  client_id text NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
  scopes text[] NOT NULL,
  nonce text,
  claims jsonb NOT NULL DEFAULT '{}',
  authenticated_at timestamptz NOT NULL,
  methods text[] NOT NULL,
  ip text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX grants_of_user ON grants (user_id, created_at);
CREATE INDEX grants_of_client ON grants (client_id);
CREATE INDEX grants_revoked ON grants (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE authorization_codes (
  code_hash bytea PRIMARY KEY,
  grant_id uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
  redirect_uri text NOT NULL,
  challenge text,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz
);
CREATE INDEX authorization_codes_of_grant ON authorization_codes (grant_id);

-- A chain: whoever presents a token gets its successor, and only the last one is unused.
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  grant_id uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
  predecessor_hash bytea UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_tokens_of_grant ON refresh_tokens (grant_id);

CREATE TABLE device_codes (
  device_hash bytea PRIMARY KEY,
  user_code_hash bytea NOT NULL UNIQUE,
  client_id text NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
  scopes text[] NOT NULL,
  state text NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'approved', 'denied', 'consumed')),
  grant_id uuid REFERENCES grants ON DELETE CASCADE,
  interval_s integer NOT NULL,
  polled_at timestamptz,
  expires_at timestamptz NOT NULL
);
CREATE INDEX device_codes_of_client ON device_codes (client_id);
CREATE INDEX device_codes_of_grant ON device_codes (grant_id);

-- What a user has allowed an application before, so that a web application need not ask again.
CREATE TABLE consents (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  client_id text NOT NULL REFERENCES oauth_clients ON DELETE CASCADE,
  scopes text[] NOT NULL,
  given_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consents_of_client ON consents (client_id);

-- What happened to somebody's account, for the user and for who answers the user's questions.
CREATE TABLE sign_in_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL,
  client_id text,
  ip text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT '',
  occurred_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_events_of_user ON sign_in_events (user_id, id);

-- Links sent by mail: used once, and soon.
CREATE TABLE mailed_links (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
  email text NOT NULL,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz
);
CREATE INDEX mailed_links_of_user ON mailed_links (user_id);

-- Mail to send. Without a mail server it stays, for the mailbox of the embedded default.
CREATE TABLE mails (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mails_due ON mails (due_at) WHERE sent_at IS NULL;

-- migrate:down
DROP TABLE mails, mailed_links, sign_in_events, consents, device_codes, refresh_tokens,
  authorization_codes, grants, interactions, browser_sessions;
ALTER TABLE signing_keys DROP active_at;
ALTER TABLE oauth_clients DROP application_type, DROP post_logout_redirect_uris, DROP skip_consent;
