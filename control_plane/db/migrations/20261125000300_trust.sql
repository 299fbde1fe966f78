-- Who gave what: a grant knows its browser session, an API key the grant it was made with. What
-- ends takes along what it gave.

-- migrate:up
-- Stays the same while one user signs in again in one browser; the id in the cookie does not.
ALTER TABLE browser_sessions ADD id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX browser_sessions_by_id ON browser_sessions (id);

-- Without a reference: a grant with offline_access stays when its session has ended.
ALTER TABLE grants ADD session_id uuid;
CREATE INDEX grants_of_session ON grants (session_id) WHERE session_id IS NOT NULL;

-- NULL: made in a session of ours, so it stays until it is revoked.
ALTER TABLE api_keys ADD grant_id uuid REFERENCES grants ON DELETE CASCADE;
CREATE INDEX api_keys_of_grant ON api_keys (grant_id) WHERE grant_id IS NOT NULL;

-- An API key works while it is neither revoked nor expired, its user may sign in, and the grant
-- that it was made with, if any, is live.
CREATE VIEW valid_api_keys AS
SELECT k.id, k.user_id, k.name, k.prefix, k.digest, k.scopes, k.cap_micro, k.spent_micro,
  k.expires_at, k.last_used_at, k.created_at
FROM api_keys k
JOIN users u ON u.id = k.user_id AND u.deleted_at IS NULL AND u.state = 'active'
LEFT JOIN grants g ON g.id = k.grant_id
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
  AND (k.grant_id IS NULL OR (g.revoked_at IS NULL AND g.expires_at > now()));

-- A grant without offline_access ends with its session, whoever deletes the row.
CREATE FUNCTION browser_sessions_end_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE grants SET revoked_at = now() FROM ended
  WHERE grants.session_id = ended.id AND grants.revoked_at IS NULL
    AND NOT 'offline_access' = ANY (grants.scopes);
  RETURN NULL;
END $$;
CREATE TRIGGER browser_sessions_end_grants AFTER DELETE ON browser_sessions
REFERENCING OLD TABLE AS ended
FOR EACH STATEMENT EXECUTE FUNCTION browser_sessions_end_grants();

-- The password was chosen by whoever registered, who may not be the owner of the address.
ALTER TABLE users ADD password_unproven boolean NOT NULL DEFAULT false;
UPDATE users SET password_unproven = true WHERE NOT email_verified AND password_hash IS NOT NULL;

-- NULL: no limit.
ALTER TABLE tiers ADD api_keys_max integer CHECK (api_keys_max >= 0);
UPDATE tiers SET api_keys_max = CASE id WHEN 'free' THEN 10 WHEN 'pro' THEN 50 ELSE 500 END
WHERE id IN ('free', 'pro', 'enterprise');

-- Mail to one address is counted by what it is for.
CREATE INDEX email_links_of_email ON email_links (email, purpose);

-- Requests to reset a password, stored before they are answered, for any address.
CREATE TABLE reset_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A user who is suspended or closed is signed out everywhere, whoever changes the row.
CREATE FUNCTION users_sign_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM browser_sessions WHERE user_id = NEW.id;
  DELETE FROM mfa_challenges WHERE user_id = NEW.id;
  UPDATE grants SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER users_sign_out AFTER UPDATE OF state ON users
FOR EACH ROW WHEN (NEW.state <> 'active') EXECUTE FUNCTION users_sign_out();

-- migrate:down
DROP TRIGGER users_sign_out ON users;
DROP FUNCTION users_sign_out;
DROP TABLE reset_requests;
DROP INDEX email_links_of_email;
ALTER TABLE tiers DROP api_keys_max;
ALTER TABLE users DROP password_unproven;
DROP TRIGGER browser_sessions_end_grants ON browser_sessions;
DROP FUNCTION browser_sessions_end_grants;
DROP VIEW valid_api_keys;
ALTER TABLE api_keys DROP grant_id;
ALTER TABLE grants DROP session_id;
ALTER TABLE browser_sessions DROP id;
