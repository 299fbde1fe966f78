-- name: create
-- $1: email, $2: tier, $3: password_hash or null, $4: is_admin
INSERT INTO users (email, tier, password_hash, is_admin, email_verified)
VALUES ($1, $2, $3, $4, true)
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
