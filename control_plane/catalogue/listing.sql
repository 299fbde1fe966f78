-- name: add_models
-- $1: JSON array of models. Returns the ids of those that were not there yet.
INSERT INTO models (id, owned_by, name, description, capabilities, context_length,
  max_output_tokens, input_cost_per_million_tokens, output_cost_per_million_tokens, version,
  required_tier, available, deprecated_at, sunset_at, position)
SELECT m.id, m.provider, m.name, '', m.capabilities, m.context_length, m.max_output_tokens,
  m.input_cents, m.output_cents, '',
  coalesce((SELECT t.id FROM tiers t WHERE t.id = m.required_tier),
    (SELECT t.id FROM tiers t ORDER BY t.rank DESC LIMIT 1)),
  m.available, CASE WHEN m.sunset_at IS NOT NULL THEN least(now(), m.sunset_at) END, m.sunset_at,
  (SELECT coalesce(max(position), 0) FROM models) + row_number() OVER (ORDER BY m.place)
FROM jsonb_to_recordset($1::jsonb) AS m (id text, provider text, name text, capabilities text[],
  context_length integer, max_output_tokens integer, input_cents bigint, output_cents bigint,
  required_tier text, available boolean, sunset_at timestamptz, place integer)
ON CONFLICT DO NOTHING RETURNING id;

-- name: add_model_links
-- $1: JSON array of models, whose rows exist: their routes, other names and replacements.
WITH listed AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS m (id text, provider text, upstream text,
    aliases text[], replacement_id text)),
routes AS (
  INSERT INTO model_routes (model_id, position, provider, upstream_model)
  SELECT id, 0, provider, upstream FROM listed ON CONFLICT DO NOTHING),
names AS (
  INSERT INTO model_aliases (alias, model_id)
  SELECT a.alias, l.id FROM listed l CROSS JOIN unnest(l.aliases) AS a (alias)
  WHERE NOT EXISTS (SELECT FROM models WHERE models.id = a.alias) ON CONFLICT DO NOTHING)
UPDATE models SET replacement_id = l.replacement_id FROM listed l
WHERE models.id = l.id AND EXISTS (SELECT FROM models r WHERE r.id = l.replacement_id);

-- name: add_prices
-- $1: JSON array of prices. Returns the ids that they got: the model's, and a number.
WITH listed AS (
  SELECT p.*, p.model_id || '@' || (row_number() OVER (PARTITION BY p.model_id
      ORDER BY p.effective_at) + (SELECT count(*) FROM prices o WHERE o.model_id = p.model_id))
    AS id
  FROM jsonb_to_recordset($1::jsonb) AS p (model_id text, effective_at timestamptz,
    input_micro bigint, cache_read_micro bigint, cache_write_micro bigint, output_micro bigint,
    per_1k_tokens_micro bigint, long_from_tokens integer, long_input_micro bigint,
    long_cache_read_micro bigint, long_cache_write_micro bigint, long_output_micro bigint,
    rates jsonb, fees jsonb, factors jsonb)),
added AS (
  INSERT INTO prices (id, model_id, effective_at, input_micro, cache_read_micro,
    cache_write_micro, output_micro, per_1k_tokens_micro, long_from_tokens, long_input_micro,
    long_cache_read_micro, long_cache_write_micro, long_output_micro)
  SELECT id, model_id, effective_at, input_micro, cache_read_micro, cache_write_micro,
    output_micro, per_1k_tokens_micro, long_from_tokens, long_input_micro,
    long_cache_read_micro, long_cache_write_micro, long_output_micro
  FROM listed RETURNING id),
rates AS (
  INSERT INTO price_rates (price_id, tier, from_tokens, kind, micro)
  SELECT l.id, r.tier, r.from_tokens, r.kind, r.micro FROM listed l
  CROSS JOIN jsonb_to_recordset(l.rates)
    AS r (tier text, from_tokens integer, kind text, micro bigint)),
fees AS (
  INSERT INTO price_fees (price_id, use, micro_per_1k)
  SELECT l.id, f.key, f.value::bigint FROM listed l CROSS JOIN jsonb_each_text(l.fees) AS f),
factors AS (
  INSERT INTO price_factors (price_id, region, percent)
  SELECT l.id, f.key, f.value::integer FROM listed l CROSS JOIN jsonb_each_text(l.factors) AS f)
SELECT id FROM added ORDER BY id;

-- name: list_scheduled
SELECT model_id, effective_at FROM prices WHERE effective_at > now();
