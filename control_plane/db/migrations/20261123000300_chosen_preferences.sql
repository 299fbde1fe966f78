-- What a user has not chosen is left open, so that a request is filled with what was chosen alone.

-- migrate:up
ALTER TABLE user_preferences
  ALTER enable_streaming DROP NOT NULL, ALTER enable_streaming DROP DEFAULT,
  ALTER max_tokens DROP NOT NULL, ALTER max_tokens DROP DEFAULT,
  ALTER temperature DROP NOT NULL, ALTER temperature DROP DEFAULT;
UPDATE user_preferences SET
  enable_streaming = nullif(enable_streaming, true),
  max_tokens = nullif(max_tokens, 4096),
  temperature = nullif(temperature, 0.7);

-- migrate:down
UPDATE user_preferences SET
  enable_streaming = coalesce(enable_streaming, true),
  max_tokens = coalesce(max_tokens, 4096),
  temperature = coalesce(temperature, 0.7);
ALTER TABLE user_preferences
  ALTER enable_streaming SET DEFAULT true, ALTER enable_streaming SET NOT NULL,
  ALTER max_tokens SET DEFAULT 4096, ALTER max_tokens SET NOT NULL,
  ALTER temperature SET DEFAULT 0.7, ALTER temperature SET NOT NULL;
