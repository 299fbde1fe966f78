-- The first rows of a deployment. What an operator has changed since is left as it is.
INSERT INTO tiers (id, rank, requests_per_minute, tokens_per_minute, credits_per_day_micro,
  api_keys_max, body_bytes_max)
VALUES
  ('free', 0, 10, 10000, 200000000, 10, 8388608),
  ('pro', 1, 60, 100000, 5000000000, 50, NULL),
  ('enterprise', 2, 300, 500000, 50000000000, 500, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO plans (id, tier, name, description, credits_per_month_micro, price_cents,
  billing_intervals, yearly_discount_percent, features, position)
VALUES
  ('free', 'free', 'Free', 'To try it out', 5000000000, 0, '{monthly}', 0,
   '{}', 1),
  ('pro', 'pro', 'Pro', 'For daily work', 100000000000, 2999, '{monthly,yearly}', 20,
   '{}', 2),
  ('enterprise', 'enterprise', 'Enterprise', 'For teams', 1000000000000, 19900,
   '{monthly,yearly}', 25, '{}', 3)
ON CONFLICT DO NOTHING;

INSERT INTO oauth_clients (id, name, redirect_uris, grant_types, scopes)
VALUES ('textassistant-desktop', 'Text Assistant Desktop',
  '{http://localhost:8080/callback,http://127.0.0.1/callback}',
  '{authorization_code,refresh_token,urn:ietf:params:oauth:grant-type:device_code}',
  '{openid,email,profile,offline_access,llm.inference,models.read,user.info,credits.read}')
ON CONFLICT DO NOTHING;

INSERT INTO models (id, owned_by, name, description, capabilities, context_length,
  max_output_tokens, input_cost_per_million_tokens, output_cost_per_million_tokens, version,
  required_tier, position)
VALUES
  ('gpt-5', 'openai', 'GPT-5', 'OpenAI''s general model', '{text,vision,function_calling}',
   128000, 4096, 500, 1500, '1.0', 'free', 1),
  ('gemini-2.0-pro', 'google', 'Gemini 2.0 Pro', 'Google''s model for very long contexts',
   '{text,vision,long_context}', 2000000, 8192, 350, 1050, '2.0', 'free', 2),
  ('claude-3.5-sonnet', 'anthropic', 'Claude 3.5 Sonnet', 'Anthropic''s model for text and code',
   '{text,vision,code}', 200000, 4096, 300, 1500, '3.5', 'free', 3),
  ('text-embedding-3-small', 'openai', 'Text Embedding 3 Small', 'OpenAI''s small embedding',
   '{embedding}', 8191, 0, 20, 0, '3', 'free', 4)
ON CONFLICT DO NOTHING;

INSERT INTO model_routes (model_id, position, provider, upstream_model)
VALUES
  ('gpt-5', 0, 'openai', 'gpt-5'),
  ('gemini-2.0-pro', 0, 'google', 'gemini-2.0-pro'),
  ('claude-3.5-sonnet', 0, 'anthropic', 'claude-3-5-sonnet-20241022'),
  ('text-embedding-3-small', 0, 'openai', 'text-embedding-3-small')
ON CONFLICT DO NOTHING;

-- A flat price: credits per 1,000 tokens, in micro-credits, times 1,000.
INSERT INTO prices (id, model_id, effective_at, input_micro, cache_read_micro,
  cache_write_micro, output_micro, per_1k_tokens_micro)
SELECT model_id || '@1', model_id, '2026-01-01T00:00:00Z', each * 1000, each * 1000, each * 1000,
  each * 1000, each
FROM (VALUES
  ('gpt-5', 2000000), ('gemini-2.0-pro', 1000000), ('claude-3.5-sonnet', 2000000),
  ('text-embedding-3-small', 1000000)) AS flat (model_id, each)
JOIN models ON models.id = model_id
ON CONFLICT DO NOTHING;

-- What agents offer their models without being told to: in credits, per 1,000 uses.
INSERT INTO price_fees (price_id, use, micro_per_1k)
SELECT price_id, use, credits * 1000000::bigint
FROM (VALUES
  ('gpt-5@1', 'web_search', 125000), ('gpt-5@1', 'file_search', 31250),
  ('claude-3.5-sonnet@1', 'web_search', 125000), ('gemini-2.0-pro@1', 'grounded_prompt', 437500))
  AS fees (price_id, use, credits)
JOIN prices ON prices.id = price_id
ON CONFLICT DO NOTHING;
