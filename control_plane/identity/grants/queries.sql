-- name: create
-- $1: user, $2: client, $3: scopes, $4: when the user signed in, $5: methods, $6: nonce,
-- $7: claims asked for, $8: ip, $9: user agent, $10: seconds it lives at most, $11: the browser
-- session that gives it, or null. The scope `admin` is granted to administrators only. No row when
-- the session has ended; it cannot end until the transaction does.
WITH session AS (SELECT id, expires_at FROM browser_sessions WHERE id = $11 FOR KEY SHARE)
INSERT INTO grants (user_id, client_id, scopes, authenticated_at, methods, nonce, claims, ip,
  user_agent, session_id, expires_at)
SELECT id, $2,
  CASE WHEN is_admin THEN $3::text[] ELSE array_remove($3, 'admin') END,
  $4, $5, $6, $7, $8, $9, $11::uuid,
  least(now() + make_interval(secs => $10::integer),
    CASE WHEN NOT 'offline_access' = ANY ($3) THEN (SELECT expires_at FROM session) END)
FROM users WHERE id = $1 AND state = 'active' AND ($11 IS NULL OR EXISTS (SELECT FROM session))
RETURNING id;

-- name: load
-- $1: id. Locked, so that decisions about one grant are serialized.
SELECT id, user_id, client_id, scopes, authenticated_at, methods, nonce, claims::text AS claims,
  created_at, last_used_at, expires_at, revoked_at, ip, user_agent
FROM grants WHERE id = $1 FOR UPDATE;

-- name: find_live
-- $1: id
SELECT id, user_id, client_id, scopes, authenticated_at, methods, nonce, claims::text AS claims,
  created_at, last_used_at, expires_at, revoked_at, ip, user_agent
FROM grants WHERE id = $1 AND revoked_at IS NULL AND expires_at > now();

-- name: list_live
-- $1: user
SELECT id, user_id, client_id, scopes, authenticated_at, methods, nonce, claims::text AS claims,
  created_at, last_used_at, expires_at, revoked_at, ip, user_agent
FROM grants WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
ORDER BY last_used_at DESC, id;

-- name: touch
-- $1: id, $2: ip, $3: user agent
UPDATE grants SET last_used_at = now(), ip = $2, user_agent = $3 WHERE id = $1;

-- name: revoke
-- $1: id
UPDATE grants SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING user_id;

-- name: revoke_of_user
-- $1: user
UPDATE grants SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL
RETURNING id;

-- name: list_ended_with
-- $1: session that has ended
SELECT id FROM grants WHERE session_id = $1 AND revoked_at IS NOT NULL;

-- name: revoke_of_client
-- $1: client
UPDATE grants SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL
RETURNING id;

-- name: list_revoked
-- $1: seconds. Revoked within these.
SELECT id, revoked_at FROM grants
WHERE revoked_at > now() - make_interval(secs => $1::integer);

-- name: create_code
-- $1: hash, $2: grant, $3: redirect URI, $4: challenge or null, $5: seconds it lives
INSERT INTO authorization_codes (code_hash, grant_id, redirect_uri, challenge, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5::integer));

-- name: load_code
-- $1: hash. Locked, so that of many who present it one is first.
SELECT grant_id, redirect_uri, challenge, expires_at > now() AS unexpired,
  consumed_at IS NOT NULL AS consumed
FROM authorization_codes WHERE code_hash = $1 FOR UPDATE;

-- name: consume_code
-- $1: hash
UPDATE authorization_codes SET consumed_at = now() WHERE code_hash = $1;

-- name: create_refresh
-- $1: hash, $2: grant, $3: hash of the predecessor or null, $4: seconds it may be idle
INSERT INTO refresh_tokens (token_hash, grant_id, predecessor_hash, expires_at)
VALUES ($1, $2, $3, now() + make_interval(secs => $4::integer));

-- name: find_refresh
-- $1: hash
SELECT grant_id FROM refresh_tokens WHERE token_hash = $1;

-- name: load_refresh
-- $1: hash, $2: seconds of grace. Read once its grant is locked.
SELECT token.expires_at > now() AS unexpired, token.used_at IS NOT NULL AS used,
  token.used_at > now() - make_interval(secs => $2::integer)
    AND next.token_hash IS NOT NULL AND next.used_at IS NULL AS in_grace
FROM refresh_tokens AS token
LEFT JOIN refresh_tokens AS next ON next.predecessor_hash = token.token_hash
WHERE token.token_hash = $1;

-- name: use_refresh
-- $1: hash
UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1;

-- name: prune
DELETE FROM grants WHERE expires_at < now() - interval '30 days'
  OR revoked_at < now() - interval '30 days';

-- name: prune_codes
DELETE FROM authorization_codes WHERE expires_at < now() - interval '1 day';

-- name: create_device
-- $1: hash of the device code, $2: hash of the user code, $3: client, $4: scopes, $5: interval,
-- $6: seconds it lives
INSERT INTO device_codes (device_hash, user_code_hash, client_id, scopes, interval_s, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::integer));

-- name: load_device
-- $1: hash of the device code
SELECT client_id, state, grant_id, expires_at > now() AS unexpired, interval_s,
  polled_at > now() - make_interval(secs => interval_s) AS polled_too_soon
FROM device_codes WHERE device_hash = $1 FOR UPDATE;

-- name: poll_device
-- $1: hash of the device code, $2: seconds the interval grows by
UPDATE device_codes SET polled_at = now(), interval_s = interval_s + $2 WHERE device_hash = $1;

-- name: find_pending_device
-- $1: hash of the user code
SELECT client_id, scopes FROM device_codes
WHERE user_code_hash = $1 AND state = 'pending' AND expires_at > now();

-- name: decide_device
-- $1: hash of the user code, $2: state, $3: grant or null. A row only for the caller that decided.
UPDATE device_codes SET state = $2, grant_id = $3
WHERE user_code_hash = $1 AND state = 'pending' AND expires_at > now() RETURNING device_hash;

-- name: consume_device
-- $1: hash of the device code
UPDATE device_codes SET state = 'consumed' WHERE device_hash = $1;

-- name: prune_devices
DELETE FROM device_codes WHERE expires_at < now() - interval '1 day';

-- name: has_consent
-- $1: user, $2: client, $3: scopes
SELECT true FROM consents WHERE user_id = $1 AND client_id = $2 AND scopes @> $3;

-- name: save_consent
-- $1: user, $2: client, $3: scopes
INSERT INTO consents (user_id, client_id, scopes) VALUES ($1, $2, $3)
ON CONFLICT (user_id, client_id) DO UPDATE SET granted_at = now(),
  scopes = ARRAY(SELECT DISTINCT unnest(consents.scopes || excluded.scopes));
