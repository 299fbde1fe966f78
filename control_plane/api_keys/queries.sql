-- name: create_key
-- $1: user, $2: name, $3: prefix, $4: digest, $5: scopes, $6: cap, $7: end
INSERT INTO api_keys (user_id, name, prefix, digest, scopes, cap_micro, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id::text, user_id::text, name, prefix, digest, scopes, cap_micro, spent_micro,
  expires_at, last_used_at, created_at;

-- name: list_keys
-- $1: user
SELECT id::text, user_id::text, name, prefix, digest, scopes, cap_micro, spent_micro, expires_at,
  last_used_at, created_at
FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id;

-- name: revoke_key
-- $1: user, $2: key. What is left of it is its digest, so that it can be taken out of Redis.
UPDATE api_keys SET revoked_at = now()
WHERE user_id = $1 AND id::text = $2 AND revoked_at IS NULL RETURNING digest;

-- name: revoke_keys
-- $1: user
UPDATE api_keys SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING digest;

-- name: list_valid
-- Every key that works now, of users who are still there.
SELECT k.id::text, k.user_id::text, k.name, k.prefix, k.digest, k.scopes, k.cap_micro,
  k.spent_micro, k.expires_at, k.last_used_at, k.created_at
FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.revoked_at IS NULL AND u.deleted_at IS NULL
  AND (k.expires_at IS NULL OR k.expires_at > now());

-- name: count_valid
SELECT count(*) FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.revoked_at IS NULL AND u.deleted_at IS NULL
  AND (k.expires_at IS NULL OR k.expires_at > now());
