-- name: create
-- $1: email, $2: tier, $3: password_hash or null, $4: is_admin, $5: email is verified. An address
-- that can still be reverted to is taken.
INSERT INTO users (email, tier, password_hash, is_admin, email_verified, password_unproven)
SELECT $1, $2, $3::text, $4::boolean, $5::boolean, $3::text IS NOT NULL AND NOT $5
WHERE NOT EXISTS (SELECT FROM email_links WHERE purpose = 'revert_email' AND email = $1
  AND consumed_at IS NULL AND expires_at > now())
ON CONFLICT (email) DO NOTHING
RETURNING id, email, tier, state, is_admin, created_at;

-- name: find
-- $1: id
SELECT id, email, tier, state, is_admin, created_at
FROM users WHERE id = $1 AND deleted_at IS NULL;

-- name: find_by_email
-- $1: email, normalised
SELECT id, email, tier, state, is_admin, created_at
FROM users WHERE email = $1 AND deleted_at IS NULL;

-- name: find_profile
-- $1: id
SELECT id, email, email_verified, username, first_name, last_name, profile_picture_url, state,
  created_at, updated_at, last_login_at
FROM users WHERE id = $1 AND deleted_at IS NULL;

-- name: find_credentials
-- $1: email, normalised. Includes users deleted less than 30 days ago.
SELECT id, password_hash, state FROM users
WHERE email = $1 AND (deleted_at IS NULL OR deleted_at > now() - interval '30 days');

-- name: load_password_hash
-- $1: id
SELECT password_hash FROM users WHERE id = $1;

-- name: record_login
-- $1: id. Signing in restores a deleted user.
UPDATE users SET last_login_at = now(), deleted_at = NULL WHERE id = $1;

-- name: change_state
-- $1: id, $2: state. A trigger signs out whoever is not active.
UPDATE users SET state = $2, updated_at = now() WHERE id = $1;

-- name: lock_proof
-- $1: id
SELECT email_verified, password_unproven FROM users WHERE id = $1 FOR UPDATE;

-- name: prove_password
-- $1: id
UPDATE users SET password_unproven = false WHERE id = $1;

-- name: change_password
-- $1: id, $2: hash
UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1;

-- name: rehash_password
-- $1: id, $2: new hash, $3: the hash it replaces
UPDATE users SET password_hash = $2 WHERE id = $1 AND password_hash = $3;

-- name: verify_email
-- $1: id, $2: the address that was shown to be the user's own
UPDATE users SET email_verified = true, updated_at = now()
WHERE id = $1 AND email = $2 AND deleted_at IS NULL RETURNING id;

-- name: change_email
-- $1: id, $2: the new address, verified, and not one that another user can still revert to
UPDATE users SET email = $2, email_verified = true, updated_at = now()
WHERE id = $1 AND deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM email_links WHERE purpose = 'revert_email' AND email = $2
    AND user_id <> $1 AND consumed_at IS NULL AND expires_at > now())
RETURNING id;

-- name: revert_email
-- $1: id, $2: the previous address. Removes the password and restores a deleted user.
UPDATE users SET email = $2, email_verified = true, password_hash = NULL, deleted_at = NULL,
  updated_at = now()
WHERE id = $1 AND state <> 'closed' RETURNING id;

-- name: change_profile
-- $1: id, $2: names of the fields to change, $3…$6: their values
UPDATE users SET updated_at = now(),
  username = CASE WHEN 'username' = ANY($2::text[]) THEN $3 ELSE username END,
  first_name = CASE WHEN 'first_name' = ANY($2) THEN $4 ELSE first_name END,
  last_name = CASE WHEN 'last_name' = ANY($2) THEN $5 ELSE last_name END,
  profile_picture_url =
    CASE WHEN 'profile_picture_url' = ANY($2) THEN $6 ELSE profile_picture_url END
WHERE id = $1 AND deleted_at IS NULL;

-- name: delete
-- $1: id
UPDATE users SET deleted_at = now(), updated_at = now() WHERE id = $1 AND deleted_at IS NULL;

-- name: create_link
-- $1: hash, $2: user, $3: purpose, $4: email, $5: seconds it lives
INSERT INTO email_links (token_hash, user_id, purpose, email, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5::integer));

-- name: find_link
-- $1: hash, $2: purpose
SELECT user_id, email FROM email_links
WHERE token_hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > now();

-- name: consume_link
-- $1: hash, $2: purpose. A row only for the caller that used it.
UPDATE email_links SET consumed_at = now()
WHERE token_hash = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > now()
RETURNING user_id, email;

-- name: load_link_end
-- $1: hash
SELECT expires_at FROM email_links WHERE token_hash = $1;

-- name: end_links
-- $1: user, $2: purpose. Earlier links stop working.
UPDATE email_links SET consumed_at = now()
WHERE user_id = $1 AND purpose = $2 AND consumed_at IS NULL;

-- name: end_links_since
-- $1: user, $2: hash of the link used
UPDATE email_links SET consumed_at = now()
WHERE user_id = $1 AND consumed_at IS NULL AND (purpose <> 'revert_email'
  OR expires_at >= (SELECT expires_at FROM email_links WHERE token_hash = $2));

-- name: count_sent
-- $1: email, $2: purpose, $3: seconds such links live. Those of the last day, used or not.
SELECT count(*) FROM email_links WHERE email = $1 AND purpose = $2
  AND expires_at > now() + make_interval(secs => $3::integer) - interval '1 day';

-- name: end_open_links
-- $1: user
UPDATE email_links SET consumed_at = now()
WHERE user_id = $1 AND consumed_at IS NULL AND purpose <> 'revert_email';

-- name: end_all_links
-- $1: user
UPDATE email_links SET consumed_at = now() WHERE user_id = $1 AND consumed_at IS NULL;

-- name: queue_reset
-- $1: email, normalised, whether or not it has an account
INSERT INTO reset_requests (email) VALUES ($1);

-- name: take_reset
-- The oldest request, removed when the transaction commits.
DELETE FROM reset_requests WHERE id = (
  SELECT id FROM reset_requests ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING email;

-- name: prune_links
DELETE FROM email_links WHERE expires_at < now() - interval '30 days';
