-- name: create_key
-- $1: kid, $2: algorithm, $3: public JWK, $4: private key, sealed
INSERT INTO signing_keys (kid, algorithm, public_jwk, private_sealed) VALUES ($1, $2, $3, $4);

-- name: list_keys
-- The one that signs comes first; a retired one stays until what it signed has long expired.
SELECT kid, public_jwk::text AS public_jwk, private_sealed
FROM signing_keys WHERE retired_at IS NULL OR retired_at > now() - interval '1 day'
ORDER BY retired_at IS NOT NULL, created_at DESC, kid;

-- name: find_client
-- $1: id
SELECT id, name, scopes FROM oauth_clients WHERE id = $1;
