-- What was used: one row per booked request, and statistics that are always its GROUP BY.

-- migrate:up
CREATE TABLE usage_history (
  -- The ledger transaction that booked it.
  id bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  account uuid NOT NULL,
  request_id text NOT NULL,
  -- settled, unreserved, expired; adjusted puts an expired one right, and is no request of its own.
  kind text NOT NULL,
  requests smallint NOT NULL CHECK (requests IN (0, 1)),
  model_id text NOT NULL,
  operation text NOT NULL,
  provider text NOT NULL,
  upstream_model text NOT NULL,
  price_id text NOT NULL,
  client_id text NOT NULL,
  status text NOT NULL,
  streamed boolean NOT NULL,
  estimated boolean NOT NULL,
  credits_micro bigint NOT NULL,
  input_tokens bigint NOT NULL CHECK (input_tokens >= 0),
  cache_read_tokens bigint NOT NULL CHECK (cache_read_tokens >= 0),
  cache_write_tokens bigint NOT NULL CHECK (cache_write_tokens >= 0),
  output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
  reasoning_tokens bigint NOT NULL CHECK (reasoning_tokens >= 0),
  first_token_ms bigint NOT NULL CHECK (first_token_ms >= 0),
  duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
  PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX usage_history_account ON usage_history (account, occurred_at DESC, id DESC);

-- A month's partition, made when it is first wanted. Two sessions may ask at once.
CREATE FUNCTION create_usage_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  start timestamptz := date_trunc('month', day::timestamp) AT TIME ZONE 'UTC';
  stop timestamptz := (date_trunc('month', day::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
  partition text := 'usage_history_' || to_char(day, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('create_usage_partition'));
  EXECUTE format(
    'CREATE TABLE IF NOT EXISTS %I PARTITION OF usage_history FOR VALUES FROM (%L) TO (%L)',
    partition, start, stop);
END $$;

CREATE TABLE usage_hourly (
  account uuid NOT NULL,
  hour timestamptz NOT NULL,
  requests bigint NOT NULL,
  credits_micro bigint NOT NULL,
  tokens bigint NOT NULL,
  duration_ms bigint NOT NULL,
  PRIMARY KEY (account, hour)
) WITH (fillfactor = 70);

CREATE TABLE usage_daily (
  account uuid NOT NULL,
  day date NOT NULL,
  requests bigint NOT NULL,
  credits_micro bigint NOT NULL,
  tokens bigint NOT NULL,
  duration_ms bigint NOT NULL,
  PRIMARY KEY (account, day)
) WITH (fillfactor = 70);

CREATE TABLE usage_by_model (
  account uuid NOT NULL,
  day date NOT NULL,
  model_id text NOT NULL,
  requests bigint NOT NULL,
  credits_micro bigint NOT NULL,
  tokens bigint NOT NULL,
  duration_ms bigint NOT NULL,
  PRIMARY KEY (account, day, model_id)
) WITH (fillfactor = 70);

-- Entries of the outbox that could not be booked, kept whole so that they can be, once mended.
CREATE TABLE dead_letters (
  stream text NOT NULL,
  entry_id text NOT NULL,
  fields jsonb NOT NULL,
  reason text NOT NULL,
  deliveries integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  PRIMARY KEY (stream, entry_id)
);

-- migrate:down
DROP TABLE dead_letters, usage_by_model, usage_daily, usage_hourly, usage_history;
DROP FUNCTION create_usage_partition;
