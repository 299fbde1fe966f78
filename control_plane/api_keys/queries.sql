-- name: lock_limit
-- $1: user. How many keys their tier allows, or null; locked, so that keys are made one by one.
SELECT t.api_keys_max FROM users u JOIN tiers t ON t.id = u.tier WHERE u.id = $1 FOR UPDATE OF u;

-- name: count_keys
-- $1: user
SELECT count(*) FROM valid_api_keys WHERE user_id = $1;

-- name: create_key
-- $1: user, $2: name, $3: prefix, $4: digest, $5: scopes, $6: cap, $7: end, $8: grant or null
INSERT INTO api_keys (user_id, name, prefix, digest, scopes, cap_micro, expires_at, grant_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id::text, user_id::text, name, prefix, digest, scopes, cap_micro, spent_micro,
  expires_at, last_used_at, created_at;

-- name: list_keys
-- $1: user. Also expired ones.
SELECT k.id::text, k.user_id::text, k.name, k.prefix, k.digest, k.scopes, k.cap_micro,
  k.spent_micro, k.expires_at, k.last_used_at, k.created_at
FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id
WHERE k.user_id = $1 AND k.revoked_at IS NULL
  AND (k.grant_id IS NULL OR (g.revoked_at IS NULL AND g.expires_at > now()))
ORDER BY k.created_at DESC, k.id;

-- name: revoke_key
-- $1: user, $2: key. What is left of it is its digest, so that it can be taken out of Redis.
UPDATE api_keys SET revoked_at = now()
WHERE user_id = $1 AND id::text = $2 AND revoked_at IS NULL RETURNING digest;

-- name: revoke_keys
-- $1: user
UPDATE api_keys SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING digest;

-- name: list_made_with
-- $1: grants
SELECT digest FROM api_keys WHERE grant_id = ANY ($1::uuid[]);

-- name: list_valid
SELECT id::text, user_id::text, name, prefix, digest, scopes, cap_micro, spent_micro, expires_at,
  last_used_at, created_at
FROM valid_api_keys;

-- name: count_valid
SELECT count(*) FROM valid_api_keys;
