-- name: find
-- $1: user
SELECT default_model_id, enable_streaming, max_tokens, temperature,
  preferences_metadata::text AS metadata, updated_at
FROM user_preferences WHERE user_id = $1;

-- name: lock
-- $1: user. A row to change, whether there was one or not.
INSERT INTO user_preferences (user_id) VALUES ($1)
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
RETURNING default_model_id, enable_streaming, max_tokens, temperature,
  preferences_metadata::text AS metadata, updated_at;

-- name: save
-- $1: user, $2: model, $3: streaming, $4: tokens, $5: temperature, $6: metadata
UPDATE user_preferences SET default_model_id = $2, enable_streaming = $3, max_tokens = $4,
  temperature = $5, preferences_metadata = $6, updated_at = now()
WHERE user_id = $1 RETURNING updated_at;

-- name: list_published
-- Of users who are still there.
SELECT p.user_id::text, default_model_id, enable_streaming, max_tokens, temperature,
  '{}' AS metadata, p.updated_at
FROM user_preferences p JOIN users u ON u.id = p.user_id
WHERE u.deleted_at IS NULL
  AND num_nonnulls(default_model_id, enable_streaming, max_tokens, temperature) > 0;
