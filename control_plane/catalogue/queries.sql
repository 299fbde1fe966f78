-- name: list_tiers
SELECT id, rank, requests_per_minute, tokens_per_minute, credits_per_day_micro,
  concurrent_requests, body_bytes_max, alert_percents
FROM tiers ORDER BY rank;

-- name: list_models
-- A model without a price in force cannot be charged for, so it is not offered.
SELECT m.id, m.owned_by, m.name, m.description, m.capabilities, m.context_length,
  m.max_output_tokens, m.input_cost_per_million_tokens, m.output_cost_per_million_tokens,
  m.version, m.required_tier, t.rank, m.available, m.deprecated_at, m.sunset_at,
  m.replacement_id, m.margin_percent, m.created_at, m.updated_at, p.id AS price_id, p.input_micro,
  p.cache_read_micro, p.cache_write_micro, p.output_micro, p.per_1k_tokens_micro,
  p.long_from_tokens, p.long_input_micro, p.long_cache_read_micro, p.long_cache_write_micro,
  p.long_output_micro,
  coalesce(a.aliases, '{}') AS aliases
FROM models m
JOIN tiers t ON t.id = m.required_tier
JOIN LATERAL (
  SELECT * FROM prices WHERE model_id = m.id AND effective_at <= now()
  ORDER BY effective_at DESC LIMIT 1) p ON true
LEFT JOIN LATERAL (
  SELECT array_agg(alias ORDER BY alias) AS aliases
  FROM model_aliases WHERE model_id = m.id) a ON true
ORDER BY m.position, m.id;

-- name: list_routes
-- Where each model is served, in the order in which its routes are tried.
SELECT model_id, provider, upstream_model, priority, weight, key_group
FROM model_routes ORDER BY model_id, priority, position;

-- name: list_rates
-- Of the prices in $1.
SELECT price_id, tier, from_tokens, kind, micro FROM price_rates
WHERE price_id = ANY($1) ORDER BY price_id, tier, from_tokens, kind;

-- name: list_fees
-- Of the prices in $1.
SELECT price_id, use, micro_per_1k FROM price_fees WHERE price_id = ANY($1) ORDER BY price_id, use;

-- name: list_factors
-- Of the prices in $1.
SELECT price_id, region, percent FROM price_factors
WHERE price_id = ANY($1) ORDER BY price_id, region;

-- name: add_model
-- Not available until an operator enables it.
INSERT INTO models (id, owned_by, name, description, capabilities, context_length,
  max_output_tokens, input_cost_per_million_tokens, output_cost_per_million_tokens, version,
  required_tier, available, position)
SELECT $1, $2, $3, '', '{text}', $4, $5, 0, 0, '', t.id, false,
  (SELECT coalesce(max(position), 0) + 1 FROM models)
FROM tiers t ORDER BY t.rank LIMIT 1
ON CONFLICT DO NOTHING;

-- name: add_route
-- After those that the model has already.
INSERT INTO model_routes (model_id, position, provider, upstream_model, priority, weight,
  key_group)
SELECT $1, (SELECT coalesce(max(position) + 1, 0) FROM model_routes WHERE model_id = $1),
  $2, $3, $4, $5, $6
WHERE NOT EXISTS (SELECT FROM model_routes
  WHERE model_id = $1 AND provider = $2 AND upstream_model = $3 AND key_group = $6);

-- name: describe_model
-- Values that are NULL leave the stored ones unchanged.
UPDATE models SET required_tier = coalesce($2, required_tier), available = coalesce($3, available),
  capabilities = coalesce($4, capabilities), replacement_id = coalesce($5, replacement_id),
  margin_percent = coalesce($6, margin_percent), updated_at = now()
WHERE id = $1 RETURNING id;

-- name: add_alias
-- A name belongs to one model: the latest it was given to.
INSERT INTO model_aliases (alias, model_id) VALUES ($1, $2)
ON CONFLICT (alias) DO UPDATE SET model_id = excluded.model_id;

-- name: is_sold
-- Whether a model has a price in force and a route.
SELECT EXISTS (SELECT FROM prices WHERE model_id = $1 AND effective_at <= now())
  AND EXISTS (SELECT FROM model_routes WHERE model_id = $1);

-- name: has_model
SELECT EXISTS (SELECT FROM models WHERE id = $1);

-- name: withdraw_route
-- A model without any route left is not available any more: its id is returned.
WITH gone AS (
  DELETE FROM model_routes WHERE model_id = $1 AND provider = $2 AND upstream_model = $3
  RETURNING model_id, position)
UPDATE models SET available = false, updated_at = now()
WHERE id IN (SELECT model_id FROM gone)
  AND NOT EXISTS (SELECT FROM model_routes r WHERE r.model_id = models.id
    AND r.position NOT IN (SELECT position FROM gone))
RETURNING id;

-- name: set_deprecation
-- Values that are NULL leave the stored ones unchanged.
UPDATE models SET deprecated_at = coalesce($2, deprecated_at, least(now(), $3)),
  sunset_at = coalesce($3, sunset_at), updated_at = now()
WHERE id = $1;
