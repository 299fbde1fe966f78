-- name: create_key
-- $1: kid, $2: algorithm, $3: public JWK, $4: private key, sealed, $5: seconds until it signs
INSERT INTO signing_keys (kid, algorithm, public_jwk, private_sealed, active_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5::integer));

-- name: list_keys
-- The one that signs comes first; a retired one stays until what it signed has long expired.
SELECT kid, public_jwk::text AS public_jwk, private_sealed, created_at,
  active_at <= now() AS active, retired_at IS NOT NULL AS retired
FROM signing_keys WHERE retired_at IS NULL OR retired_at > now() - interval '1 day'
ORDER BY retired_at IS NOT NULL, active_at > now(), active_at DESC, kid;

-- name: retire_keys
-- Those that another has taken over from.
UPDATE signing_keys SET retired_at = now()
WHERE retired_at IS NULL AND EXISTS (
  SELECT FROM signing_keys AS newer
  WHERE newer.active_at <= now() AND newer.active_at > signing_keys.active_at);
