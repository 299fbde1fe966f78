-- What the matrix of clients needs beside the demo's rows: a tier without limits, since agents send
-- many requests at once, and models that are current, since clients go by their names.
INSERT INTO tiers (id, rank) VALUES ('unlimited', 99);

INSERT INTO models (id, owned_by, name, description, capabilities, context_length,
  max_output_tokens, input_cost_per_million_tokens, output_cost_per_million_tokens, version,
  required_tier, position)
VALUES
  ('gpt-5.2', 'openai', 'GPT-5.2', '', '{text,vision,function_calling}', 400000, 128000,
   175, 1400, '5.2', 'free', 11),
  ('claude-sonnet-4-5', 'anthropic', 'Claude Sonnet 4.5', '', '{text,vision,function_calling}',
   200000, 64000, 300, 1500, '4.5', 'free', 12),
  ('gemini-3.1-pro-preview', 'google', 'Gemini 3.1 Pro', '', '{text,vision,function_calling}',
   1048576, 65536, 200, 1200, '3', 'free', 13);

INSERT INTO model_routes (model_id, position, provider, upstream_model)
VALUES
  ('gpt-5.2', 0, 'openai', 'gpt-5.2'),
  ('claude-sonnet-4-5', 0, 'anthropic', 'claude-sonnet-4-5'),
  ('gemini-3.1-pro-preview', 0, 'google', 'gemini-3.1-pro-preview');

INSERT INTO prices (id, model_id, effective_at, input_micro, cache_read_micro,
  cache_write_micro, output_micro, per_1k_tokens_micro)
SELECT id || '@1', id, '2026-01-01T00:00:00Z', 1000000, 100000, 1000000, 2000000, 1000
FROM models WHERE position > 10;
