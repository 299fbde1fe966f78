-- name: create_partition
-- $1: ms since 1970 of a moment in the month
SELECT create_usage_partition((to_timestamp($1::bigint / 1000) AT TIME ZONE 'UTC')::date);

-- name: create_history
-- $1 … $7: of the entry; $8 … $25: of the event, and $26 … $28 as JSON
INSERT INTO usage_history (id, occurred_at, account, request_id, kind, requests, credits_micro,
  input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  first_token_ms, duration_ms, model_id, operation, provider, upstream_model, price_id, client_id,
  status, streamed, estimated, service_tier, region, uses, token_parts, unpriced)
SELECT id, to_timestamp(at_ms / 1000.0), account::uuid, request_id, kind, requests, credits_micro,
  input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  first_token_ms, duration_ms, model_id, operation, provider, upstream_model, price_id, client_id,
  status, streamed, estimated, service_tier, region, uses::jsonb, token_parts::jsonb,
  ARRAY(SELECT jsonb_array_elements_text(unpriced::jsonb))
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::smallint[],
  $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],
  $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
  $20::text[], $21::text[], $22::boolean[], $23::boolean[], $24::text[], $25::text[], $26::text[],
  $27::text[], $28::text[])
  AS g (id, at_ms, account, request_id, kind, requests, credits_micro, input_tokens,
  cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, first_token_ms,
  duration_ms, model_id, operation, provider, upstream_model, price_id, client_id, status,
  streamed, estimated, service_tier, region, uses, token_parts, unpriced);

-- name: add_hourly
-- $1: accounts, $2: ms of the hour, $3: requests, $4: credits, $5: tokens, $6: durations
INSERT INTO usage_hourly AS had (account, hour, requests, credits_micro, tokens, duration_ms)
SELECT account::uuid, to_timestamp(at_ms / 1000), requests, credits_micro, tokens, duration_ms
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
  AS g (account, at_ms, requests, credits_micro, tokens, duration_ms)
ON CONFLICT (account, hour) DO UPDATE SET requests = had.requests + excluded.requests,
  credits_micro = had.credits_micro + excluded.credits_micro,
  tokens = had.tokens + excluded.tokens, duration_ms = had.duration_ms + excluded.duration_ms;

-- name: add_daily
-- $1: accounts, $2: ms of the day, $3: requests, $4: credits, $5: tokens, $6: durations
INSERT INTO usage_daily AS had (account, day, requests, credits_micro, tokens, duration_ms)
SELECT account::uuid, (to_timestamp(at_ms / 1000) AT TIME ZONE 'UTC')::date, requests,
  credits_micro, tokens, duration_ms
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
  AS g (account, at_ms, requests, credits_micro, tokens, duration_ms)
ON CONFLICT (account, day) DO UPDATE SET requests = had.requests + excluded.requests,
  credits_micro = had.credits_micro + excluded.credits_micro,
  tokens = had.tokens + excluded.tokens, duration_ms = had.duration_ms + excluded.duration_ms;

-- name: add_by_model
-- $1: accounts, $2: ms of the day, $3: models, $4: requests, $5: credits, $6: tokens, $7: durations
INSERT INTO usage_by_model AS had
  (account, day, model_id, requests, credits_micro, tokens, duration_ms)
SELECT account::uuid, (to_timestamp(at_ms / 1000) AT TIME ZONE 'UTC')::date, model_id, requests,
  credits_micro, tokens, duration_ms
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
  $7::bigint[]) AS g (account, at_ms, model_id, requests, credits_micro, tokens, duration_ms)
ON CONFLICT (account, day, model_id) DO UPDATE SET requests = had.requests + excluded.requests,
  credits_micro = had.credits_micro + excluded.credits_micro,
  tokens = had.tokens + excluded.tokens, duration_ms = had.duration_ms + excluded.duration_ms;

-- name: add_by_key
-- $1: API keys, $2: ms of the use, $3: credits; a row each
UPDATE api_keys AS k SET spent_micro = spent_micro + g.credits_micro,
  last_used_at = greatest(last_used_at, to_timestamp(g.at_ms / 1000))
FROM (SELECT id::uuid AS id, max(at_ms) AS at_ms, sum(credits_micro)::bigint AS credits_micro
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS u (id, at_ms, credits_micro)
  GROUP BY 1 ORDER BY 1) AS g
WHERE k.id = g.id;

-- name: list_usage
-- $1: account, $2: since, $3: until, $4: model, $5: operation, $6: limit, $7: offset
SELECT id, request_id, model_id, operation, status, credits_micro,
  input_tokens + cache_read_tokens + cache_write_tokens AS input_tokens, output_tokens,
  duration_ms, occurred_at, service_tier, region, uses::text AS uses,
  token_parts::text AS token_parts
FROM usage_history
WHERE account = $1 AND ($2::timestamptz IS NULL OR occurred_at >= $2)
  AND ($3::timestamptz IS NULL OR occurred_at < $3)
  AND ($4::text IS NULL OR model_id = $4) AND ($5::text IS NULL OR operation = $5)
ORDER BY occurred_at DESC, id DESC LIMIT $6 OFFSET $7;

-- name: summarise
-- $1: account, $2: since, $3: until, $4: model, $5: operation
SELECT count(*) AS rows, coalesce(sum(requests), 0)::bigint AS requests,
  coalesce(sum(credits_micro), 0)::bigint AS credits_micro,
  coalesce(sum(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens), 0)::bigint
    AS tokens
FROM usage_history
WHERE account = $1 AND ($2::timestamptz IS NULL OR occurred_at >= $2)
  AND ($3::timestamptz IS NULL OR occurred_at < $3)
  AND ($4::text IS NULL OR model_id = $4) AND ($5::text IS NULL OR operation = $5);

-- name: list_by_day
-- $1: account, $2: since, $3: until
SELECT to_char(day, 'YYYY-MM-DD') AS key, requests, credits_micro, tokens, duration_ms
FROM usage_daily
WHERE account = $1 AND ($2::timestamptz IS NULL OR day >= ($2 AT TIME ZONE 'UTC')::date)
  AND ($3::timestamptz IS NULL OR day < $3 AT TIME ZONE 'UTC')
ORDER BY day;

-- name: list_by_hour
-- $1: account, $2: since, $3: until
SELECT to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS key, requests,
  credits_micro, tokens, duration_ms
FROM usage_hourly
WHERE account = $1 AND ($2::timestamptz IS NULL OR hour >= date_trunc('hour', $2))
  AND ($3::timestamptz IS NULL OR hour < $3)
ORDER BY hour;

-- name: list_by_model
-- $1: account, $2: since, $3: until
SELECT model_id AS key, sum(requests)::bigint AS requests,
  sum(credits_micro)::bigint AS credits_micro, sum(tokens)::bigint AS tokens,
  sum(duration_ms)::bigint AS duration_ms
FROM usage_by_model
WHERE account = $1 AND ($2::timestamptz IS NULL OR day >= ($2 AT TIME ZONE 'UTC')::date)
  AND ($3::timestamptz IS NULL OR day < $3 AT TIME ZONE 'UTC')
GROUP BY model_id ORDER BY credits_micro DESC, model_id;

-- name: create_dead_letter
-- $1: stream, $2: entry, $3: fields as JSON, $4: reason, $5: deliveries
INSERT INTO dead_letters (stream, entry_id, fields, reason, deliveries)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: list_dead_letters
SELECT stream, entry_id, fields::text AS fields, reason, deliveries
FROM dead_letters WHERE resolved_at IS NULL ORDER BY created_at, stream, entry_id;

-- name: resolve_dead_letter
-- $1: stream, $2: entry
UPDATE dead_letters SET resolved_at = now() WHERE stream = $1 AND entry_id = $2;

-- name: update_reason
-- $1: stream, $2: entry, $3: reason
UPDATE dead_letters SET reason = $3 WHERE stream = $1 AND entry_id = $2;
