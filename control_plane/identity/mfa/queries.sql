-- name: find_totp
-- $1: user
SELECT secret_sealed, last_step, confirmed_at IS NOT NULL AS confirmed
FROM totp_secrets WHERE user_id = $1;

-- name: create_totp
-- $1: user, $2: sealed secret. Does not replace a confirmed secret.
INSERT INTO totp_secrets (user_id, secret_sealed) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET secret_sealed = $2, last_step = 0, created_at = now()
WHERE totp_secrets.confirmed_at IS NULL RETURNING user_id;

-- name: use_totp
-- $1: user, $2: time step. A row for the one that used it; the first use confirms the secret.
UPDATE totp_secrets SET last_step = $2, confirmed_at = coalesce(confirmed_at, now())
WHERE user_id = $1 AND last_step < $2 RETURNING user_id;

-- name: remove_totp
-- $1: user
DELETE FROM totp_secrets WHERE user_id = $1;

-- name: count_recovery_codes
-- $1: user
SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL;

-- name: create_recovery_codes
-- $1: user, $2: hashes
INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[]);

-- name: use_recovery_code
-- $1: user, $2: hash
UPDATE recovery_codes SET used_at = now()
WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id;

-- name: remove_recovery_codes
-- $1: user
DELETE FROM recovery_codes WHERE user_id = $1;

-- name: list_passkeys
-- $1: user
SELECT credential_id, user_id::text, name, public_key, sign_count, created_at, last_used_at
FROM passkeys WHERE user_id = $1 ORDER BY created_at, credential_id;

-- name: find_passkey
-- $1: credential. Of active users, and of deleted ones who can be restored.
SELECT credential_id, user_id::text, name, public_key, sign_count, p.created_at, last_used_at
FROM passkeys p JOIN users u ON u.id = p.user_id
WHERE credential_id = $1 AND u.state = 'active'
  AND (u.deleted_at IS NULL OR u.deleted_at > now() - interval '30 days');

-- name: create_passkey
-- $1: credential, $2: user, $3: name, $4: public key, $5: counter
INSERT INTO passkeys (credential_id, user_id, name, public_key, sign_count)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING user_id;

-- name: use_passkey
-- $1: credential, $2: counter. No row if a concurrent request has stored this counter.
UPDATE passkeys SET sign_count = $2, last_used_at = now()
WHERE credential_id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))
RETURNING user_id;

-- name: remove_passkey
-- $1: user, $2: credential
DELETE FROM passkeys WHERE user_id = $1 AND credential_id = $2 RETURNING name;

-- name: remove_passkeys
-- $1: user
DELETE FROM passkeys WHERE user_id = $1;

-- name: remove_added_since
-- $1: user, $2: moment. Recovery codes may have been copied, so all are removed.
WITH in_totp AS (DELETE FROM totp_secrets
  WHERE user_id = $1 AND coalesce(confirmed_at, created_at) >= $2),
in_passkeys AS (DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2)
DELETE FROM recovery_codes WHERE user_id = $1;

-- name: use_challenge
-- $1: challenge. A row only for the first use.
INSERT INTO used_challenges (challenge) VALUES ($1) ON CONFLICT DO NOTHING RETURNING challenge;

-- name: start_challenge
-- $1: hash of the browser, $2: user, $3: seconds it lives
INSERT INTO mfa_challenges (browser_hash, user_id, expires_at)
VALUES ($1, $2, now() + make_interval(secs => $3::integer))
ON CONFLICT (browser_hash) DO UPDATE
SET user_id = excluded.user_id, expires_at = excluded.expires_at, attempts = 0;

-- name: find_challenge
-- $1: hash of the browser, $2: attempts at most. Of active users, and of deleted ones who can be
-- restored.
SELECT user_id::text FROM mfa_challenges s JOIN users u ON u.id = s.user_id
WHERE browser_hash = $1 AND expires_at > now() AND attempts < $2 AND u.state = 'active'
  AND (u.deleted_at IS NULL OR u.deleted_at > now() - interval '30 days');

-- name: take_attempt
-- $1: hash of the browser, $2: attempts at most. Like find_challenge, and counts an attempt, so
-- that concurrent requests do not get more attempts.
UPDATE mfa_challenges AS s SET attempts = attempts + 1 FROM users u
WHERE browser_hash = $1 AND expires_at > now() AND attempts < $2
  AND u.id = s.user_id AND u.state = 'active'
  AND (u.deleted_at IS NULL OR u.deleted_at > now() - interval '30 days')
RETURNING s.user_id::text;

-- name: cancel_challenges
-- $1: user
DELETE FROM mfa_challenges WHERE user_id = $1;

-- name: complete_challenge
-- $1: hash of the browser, $2: user. A row for the one that ended it.
DELETE FROM mfa_challenges WHERE browser_hash = $1 AND user_id = $2 RETURNING user_id;

-- name: prune
WITH steps AS (DELETE FROM mfa_challenges WHERE expires_at < now()),
unproven AS (
  DELETE FROM totp_secrets WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day')
DELETE FROM used_challenges WHERE used_at < now() - interval '1 hour';

-- name: has_second_factor
-- $1: user
SELECT EXISTS (SELECT FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL)
  OR EXISTS (SELECT FROM passkeys WHERE user_id = $1);
