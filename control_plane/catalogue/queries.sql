-- name: list_tiers
SELECT id, rank, requests_per_minute, tokens_per_minute, credits_per_day_micro,
  concurrent_requests, alert_percents
FROM tiers ORDER BY rank;

-- name: list_models
-- A model without a price in force cannot be charged for, so it is not offered.
SELECT m.id, m.owned_by, m.name, m.description, m.capabilities, m.context_length,
  m.max_output_tokens, m.input_cost_per_million_tokens, m.output_cost_per_million_tokens,
  m.version, m.required_tier, t.rank, m.available, m.deprecated_at, m.sunset_at,
  m.replacement_id, m.created_at, m.updated_at, p.id AS price_id, p.input_micro,
  p.cache_read_micro, p.cache_write_micro, p.output_micro, p.per_1k_tokens_micro,
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
SELECT model_id, provider, upstream_model, tried_order, weight, key_group
FROM model_routes ORDER BY model_id, tried_order, position;
