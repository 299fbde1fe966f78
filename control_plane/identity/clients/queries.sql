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
