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

-- name: find_client
-- $1: id
SELECT id, name, scopes, secret_hash, redirect_uris, grant_types, application_type,
  post_logout_redirect_uris, skip_consent
FROM oauth_clients WHERE id = $1;

-- name: create_client
-- $1: id, $2: name, $3: secret's hash or null, $4: redirect URIs, $5: grant types, $6: scopes,
-- $7: application type, $8: URIs after logout, $9: consent is skipped
INSERT INTO oauth_clients (id, name, secret_hash, redirect_uris, grant_types, scopes,
  application_type, post_logout_redirect_uris, skip_consent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id;

-- name: list_clients
SELECT id, name, scopes, secret_hash, redirect_uris, grant_types, application_type,
  post_logout_redirect_uris, skip_consent
FROM oauth_clients ORDER BY id;

-- name: change_secret
-- $1: client, $2: hash
UPDATE oauth_clients SET secret_hash = $2 WHERE id = $1 AND secret_hash IS NOT NULL RETURNING id;

-- name: remove_client
-- $1: client
DELETE FROM oauth_clients WHERE id = $1 RETURNING id;

-- name: is_web_origin
-- $1: an origin as browsers write it
SELECT EXISTS (
  SELECT FROM oauth_clients, unnest(redirect_uris) AS uri
  WHERE application_type = 'web' AND (uri = $1 OR starts_with(uri, $1 || '/')));

-- name: has_consent
-- $1: user, $2: client, $3: scopes
SELECT true FROM consents WHERE user_id = $1 AND client_id = $2 AND scopes @> $3;

-- name: has_factor
-- $1: user
SELECT EXISTS (SELECT FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL)
  OR EXISTS (SELECT FROM passkeys WHERE user_id = $1);

-- name: keep_consent
-- $1: user, $2: client, $3: scopes
INSERT INTO consents (user_id, client_id, scopes) VALUES ($1, $2, $3)
ON CONFLICT (user_id, client_id) DO UPDATE SET given_at = now(),
  scopes = ARRAY(SELECT DISTINCT unnest(consents.scopes || excluded.scopes));
