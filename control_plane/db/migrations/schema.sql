-- What the migrations add up to. Written by `python -m control_plane.db.schema`, never by hand:
-- a test holds it to what the migrations make.

CREATE FUNCTION public.account_changes_notify() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_notify('account_changes', '');
  RETURN NULL;
END $$;

CREATE FUNCTION public.create_usage_partition(day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.last_lot(of uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$
  SELECT id FROM lots WHERE account = of
  ORDER BY (expires_at IS NULL OR expires_at > now()) DESC, priority DESC, expires_at DESC, id DESC
  LIMIT 1
$$;

CREATE FUNCTION public.ledger_entries_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE wrong bigint;
BEGIN
  SELECT tx INTO wrong FROM added GROUP BY tx HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entries of ledger transaction % do not sum to zero', wrong
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE public.account_activity (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    client_id text,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.account_activity ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_activity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_changes (
    account uuid NOT NULL,
    change_seq bigint NOT NULL,
    kind text NOT NULL,
    lot uuid,
    tier text,
    state text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    delivered_at timestamp with time zone,
    part_lots uuid[],
    part_amounts bigint[],
    debt bigint,
    net_amount bigint,
    refused_at timestamp with time zone,
    floor bigint,
    CONSTRAINT account_changes_amend_check CHECK (((kind = 'amend'::text) = ((tier IS NOT NULL) AND
        (state IS NOT NULL)))),
    CONSTRAINT account_changes_change_seq_check CHECK ((change_seq >= 1)),
    CONSTRAINT account_changes_correction_check CHECK (((kind = 'correction'::text) =
        (num_nulls(part_lots, part_amounts, debt, net_amount) = 0))),
    CONSTRAINT account_changes_floor_check CHECK (((floor <= 0) AND ((floor IS NULL) OR (kind =
        'amend'::text)))),
    CONSTRAINT account_changes_grant_check CHECK (((kind = 'grant'::text) = (lot IS NOT NULL))),
    CONSTRAINT account_changes_kind_check CHECK ((kind = ANY (ARRAY['grant'::text, 'amend'::text,
        'correction'::text])))
);

CREATE TABLE public.accounts (
    id uuid NOT NULL,
    shard smallint NOT NULL,
    tier text NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    change_seq bigint DEFAULT 0 NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    posted bigint DEFAULT 0 NOT NULL,
    debt bigint DEFAULT 0 NOT NULL,
    floor bigint DEFAULT '-50000000'::integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    alert_basis bigint DEFAULT 0 NOT NULL,
    frozen_at timestamp with time zone,
    CONSTRAINT accounts_alert_basis_check CHECK ((alert_basis >= 0)),
    CONSTRAINT accounts_change_seq_check CHECK ((change_seq >= 0)),
    CONSTRAINT accounts_epoch_check CHECK ((epoch >= 0)),
    CONSTRAINT accounts_floor_check CHECK ((floor <= 0)),
    CONSTRAINT accounts_posted_check CHECK ((posted >= 0)),
    CONSTRAINT accounts_seq_check CHECK ((seq >= 0)),
    CONSTRAINT accounts_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text,
        'closed'::text])))
);

CREATE TABLE public.api_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    digest text NOT NULL,
    scopes text[] NOT NULL,
    cap_micro bigint,
    spent_micro bigint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_cap_micro_check CHECK ((cap_micro > 0)),
    CONSTRAINT api_keys_name_check CHECK ((name <> ''::text))
);

CREATE TABLE public.authorization_codes (
    code_hash bytea NOT NULL,
    grant_id uuid NOT NULL,
    redirect_uri text NOT NULL,
    challenge text,
    expires_at timestamp with time zone NOT NULL,
    consumed_at timestamp with time zone
);

CREATE TABLE public.browser_sessions (
    id_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    authenticated_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    methods text[] NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.consents (
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    scopes text[] NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.credit_alerts (
    tx bigint NOT NULL,
    account uuid NOT NULL,
    event_type text GENERATED ALWAYS AS (
CASE
    WHEN (threshold_percent = 0) THEN 'credits.depleted'::text
    ELSE 'credits.low'::text
END) STORED NOT NULL,
    threshold_percent integer NOT NULL,
    remaining bigint NOT NULL,
    basis bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT credit_alerts_basis_check CHECK ((basis >= 0)),
    CONSTRAINT credit_alerts_threshold_percent_check CHECK (((threshold_percent >= 0) AND
        (threshold_percent <= 100)))
);

CREATE TABLE public.lots (
    id uuid NOT NULL,
    account uuid NOT NULL,
    change_seq bigint NOT NULL,
    source text NOT NULL,
    amount bigint NOT NULL,
    remaining bigint NOT NULL,
    priority integer NOT NULL,
    effective_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    stripe_ref text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used bigint GENERATED ALWAYS AS ((amount - remaining)) STORED NOT NULL,
    CONSTRAINT lots_amount_check CHECK (((amount > 0) AND (amount <= '9007199254740991'::bigint))),
    CONSTRAINT lots_change_seq_check CHECK ((change_seq >= 1)),
    CONSTRAINT lots_priority_check CHECK (((priority >= 0) AND (priority <= 99))),
    CONSTRAINT lots_source_check CHECK ((source = ANY (ARRAY['free'::text, 'subscription'::text,
        'purchased'::text, 'granted'::text, 'promo'::text])))
)
WITH (fillfactor='70');

CREATE TABLE public.subscriptions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    plan_id text NOT NULL,
    status text NOT NULL,
    billing_interval text NOT NULL,
    current_period_start timestamp with time zone NOT NULL,
    current_period_end timestamp with time zone NOT NULL,
    trial_end timestamp with time zone,
    cancel_at_period_end boolean DEFAULT false NOT NULL,
    cancelled_at timestamp with time zone,
    stripe_subscription text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    anchor_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT subscriptions_billing_interval_check CHECK ((billing_interval = ANY
        (ARRAY['monthly'::text, 'yearly'::text]))),
    CONSTRAINT subscriptions_check CHECK ((current_period_end > current_period_start)),
    CONSTRAINT subscriptions_status_check CHECK ((status = ANY (ARRAY['trialing'::text,
        'active'::text, 'past_due'::text, 'cancelled'::text, 'expired'::text, 'incomplete'::text])))
);

CREATE VIEW public.credits AS
 SELECT a.id,
    a.id AS user_id,
    s.current_period_start AS billing_period_start,
    s.current_period_end AS billing_period_end,
    COALESCE(l.total, (0)::bigint) AS total_micro,
    (COALESCE((l.total - l.remaining), (0)::bigint) + a.debt) AS used_micro,
    (COALESCE(l.remaining, (0)::bigint) - a.debt) AS remaining_micro
   FROM ((public.accounts a
     LEFT JOIN public.subscriptions s ON (((s.user_id = a.id) AND (s.status = ANY
        (ARRAY['trialing'::text, 'active'::text, 'past_due'::text])))))
     LEFT JOIN LATERAL ( SELECT (sum(lots.amount))::bigint AS total,
            (sum(lots.remaining))::bigint AS remaining
           FROM public.lots
          WHERE ((lots.account = a.id) AND ((lots.expires_at IS NULL) OR (lots.expires_at >
        now())))) l ON (true));

CREATE TABLE public.dead_letters (
    stream text NOT NULL,
    entry_id text NOT NULL,
    fields jsonb NOT NULL,
    reason text NOT NULL,
    deliveries integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone
);

CREATE TABLE public.device_codes (
    device_hash bytea NOT NULL,
    user_code_hash bytea NOT NULL,
    client_id text NOT NULL,
    scopes text[] NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    grant_id uuid,
    interval_s integer NOT NULL,
    polled_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT device_codes_state_check CHECK ((state = ANY (ARRAY['pending'::text,
        'approved'::text, 'denied'::text, 'consumed'::text])))
);

CREATE TABLE public.email_links (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    purpose text NOT NULL,
    email text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    consumed_at timestamp with time zone,
    CONSTRAINT email_links_purpose_check CHECK ((purpose = ANY (ARRAY['verify_email'::text,
        'reset_password'::text, 'change_email'::text, 'revert_email'::text])))
);

CREATE TABLE public.email_outbox (
    id bigint NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    html text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.email_outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.email_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.grants (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    client_id text NOT NULL,
    scopes text[] NOT NULL,
    nonce text,
    claims jsonb DEFAULT '{}'::jsonb NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    methods text[] NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE public.interactions (
    id_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    request jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.job_runs (
    name text NOT NULL,
    ran_at timestamp with time zone NOT NULL
);

CREATE TABLE public.ledger_entries (
    tx bigint NOT NULL,
    ledger_account text NOT NULL,
    lot uuid,
    amount bigint NOT NULL,
    CONSTRAINT ledger_entries_amount_check CHECK ((amount <> 0)),
    CONSTRAINT ledger_entries_ledger_account_check CHECK ((ledger_account = ANY
        (ARRAY['customer_credits'::text, 'customer_debt'::text, 'earned'::text, 'breakage'::text,
        'promo'::text, 'stripe_clearing'::text, 'refunds'::text, 'disputes'::text,
        'writeoff'::text, 'adjustments'::text])))
);

CREATE TABLE public.ledger_tx (
    id bigint NOT NULL,
    account uuid NOT NULL,
    kind text NOT NULL,
    epoch bigint,
    seq bigint,
    change_seq bigint,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    request_id text,
    charged bigint DEFAULT 0 NOT NULL,
    reason text,
    CONSTRAINT ledger_tx_check CHECK ((((change_seq IS NULL) = (epoch IS NOT NULL)) AND ((epoch IS
        NULL) = (seq IS NULL))))
);

ALTER TABLE public.ledger_tx ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ledger_tx_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mfa_challenges (
    browser_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.model_aliases (
    alias text NOT NULL,
    model_id text NOT NULL,
    CONSTRAINT model_aliases_alias_check CHECK ((alias <> ''::text))
);

CREATE TABLE public.model_routes (
    model_id text NOT NULL,
    "position" integer NOT NULL,
    provider text NOT NULL,
    upstream_model text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    weight integer DEFAULT 1 NOT NULL,
    key_group text DEFAULT ''::text NOT NULL,
    CONSTRAINT model_routes_position_check CHECK (("position" >= 0)),
    CONSTRAINT model_routes_priority_check CHECK ((priority >= 0)),
    CONSTRAINT model_routes_weight_check CHECK ((weight > 0))
);

CREATE TABLE public.models (
    id text NOT NULL,
    owned_by text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    capabilities text[] NOT NULL,
    context_length integer NOT NULL,
    max_output_tokens integer NOT NULL,
    input_cost_per_million_tokens bigint NOT NULL,
    output_cost_per_million_tokens bigint NOT NULL,
    version text NOT NULL,
    required_tier text NOT NULL,
    available boolean DEFAULT true NOT NULL,
    sunset_at timestamp with time zone,
    replacement_id text,
    "position" integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deprecated_at timestamp with time zone,
    CONSTRAINT models_check CHECK (((sunset_at IS NULL) OR (deprecated_at IS NULL) OR
        (deprecated_at <= sunset_at))),
    CONSTRAINT models_context_length_check CHECK ((context_length > 0)),
    CONSTRAINT models_id_check CHECK ((id <> ''::text)),
    CONSTRAINT models_max_output_tokens_check CHECK ((max_output_tokens >= 0))
);

CREATE TABLE public.oauth_clients (
    id text NOT NULL,
    name text NOT NULL,
    secret_hash text,
    redirect_uris text[] NOT NULL,
    grant_types text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    application_type text DEFAULT 'native'::text NOT NULL,
    post_logout_redirect_uris text[] DEFAULT '{}'::text[] NOT NULL,
    skip_consent boolean DEFAULT false NOT NULL,
    CONSTRAINT oauth_clients_application_type_check CHECK ((application_type = ANY
        (ARRAY['native'::text, 'web'::text])))
);

CREATE TABLE public.passkeys (
    credential_id bytea NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone
);

CREATE TABLE public.plans (
    id text NOT NULL,
    tier text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    credits_per_month_micro bigint NOT NULL,
    price_cents bigint NOT NULL,
    billing_intervals text[] NOT NULL,
    yearly_discount_percent integer DEFAULT 0 NOT NULL,
    features text[] DEFAULT '{}'::text[] NOT NULL,
    "position" integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    floor_micro bigint DEFAULT '-50000000'::integer NOT NULL,
    CONSTRAINT plans_credits_per_month_micro_check CHECK ((credits_per_month_micro >= 0)),
    CONSTRAINT plans_floor_micro_check CHECK ((floor_micro <= 0)),
    CONSTRAINT plans_price_cents_check CHECK ((price_cents >= 0)),
    CONSTRAINT plans_yearly_discount_percent_check CHECK (((yearly_discount_percent >= 0) AND
        (yearly_discount_percent <= 100)))
);

CREATE TABLE public.prices (
    id text NOT NULL,
    model_id text NOT NULL,
    effective_at timestamp with time zone NOT NULL,
    input_micro bigint NOT NULL,
    cache_read_micro bigint NOT NULL,
    cache_write_micro bigint NOT NULL,
    output_micro bigint NOT NULL,
    per_1k_tokens_micro bigint NOT NULL,
    long_from_tokens integer DEFAULT 0 NOT NULL,
    long_input_micro bigint DEFAULT 0 NOT NULL,
    long_cache_read_micro bigint DEFAULT 0 NOT NULL,
    long_cache_write_micro bigint DEFAULT 0 NOT NULL,
    long_output_micro bigint DEFAULT 0 NOT NULL,
    CONSTRAINT prices_cache_read_micro_check CHECK ((cache_read_micro >= 0)),
    CONSTRAINT prices_cache_write_micro_check CHECK ((cache_write_micro >= 0)),
    CONSTRAINT prices_input_micro_check CHECK ((input_micro >= 0)),
    CONSTRAINT prices_long_cache_read_micro_check CHECK ((long_cache_read_micro >= 0)),
    CONSTRAINT prices_long_cache_write_micro_check CHECK ((long_cache_write_micro >= 0)),
    CONSTRAINT prices_long_from_tokens_check CHECK ((long_from_tokens >= 0)),
    CONSTRAINT prices_long_input_micro_check CHECK ((long_input_micro >= 0)),
    CONSTRAINT prices_long_output_micro_check CHECK ((long_output_micro >= 0)),
    CONSTRAINT prices_output_micro_check CHECK ((output_micro >= 0)),
    CONSTRAINT prices_per_1k_tokens_micro_check CHECK ((per_1k_tokens_micro >= 0))
);

CREATE TABLE public.reconciliation_runs (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    clean boolean NOT NULL,
    report jsonb NOT NULL
);

ALTER TABLE public.reconciliation_runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reconciliation_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.refresh_tokens (
    token_hash bytea NOT NULL,
    grant_id uuid NOT NULL,
    predecessor_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.shards (
    shard smallint NOT NULL,
    epoch bigint DEFAULT 1 NOT NULL,
    opened_at timestamp with time zone,
    server text,
    CONSTRAINT shards_epoch_check CHECK ((epoch >= 1)),
    CONSTRAINT shards_shard_check CHECK (((shard >= 0) AND (shard <= 15)))
);

CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    algorithm text NOT NULL,
    public_jwk jsonb NOT NULL,
    private_sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    active_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.subscription_periods (
    subscription_id uuid NOT NULL,
    period integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    lot uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT subscription_periods_check CHECK ((ends_at > starts_at)),
    CONSTRAINT subscription_periods_period_check CHECK ((period >= 0))
);

CREATE TABLE public.tiers (
    id text NOT NULL,
    rank integer NOT NULL,
    requests_per_minute bigint,
    tokens_per_minute bigint,
    credits_per_day_micro bigint,
    concurrent_requests bigint,
    alert_percents integer[] DEFAULT '{20,5,0}'::integer[] NOT NULL,
    CONSTRAINT tiers_alert_percents_check CHECK (((0 <= ALL (alert_percents)) AND (100 >= ALL
        (alert_percents)))),
    CONSTRAINT tiers_concurrent_requests_check CHECK ((concurrent_requests >= 0)),
    CONSTRAINT tiers_credits_per_day_micro_check CHECK ((credits_per_day_micro >= 0)),
    CONSTRAINT tiers_rank_check CHECK ((rank >= 0)),
    CONSTRAINT tiers_requests_per_minute_check CHECK ((requests_per_minute >= 0)),
    CONSTRAINT tiers_tokens_per_minute_check CHECK ((tokens_per_minute >= 0))
);

CREATE TABLE public.totp_secrets (
    user_id uuid NOT NULL,
    secret_sealed bytea NOT NULL,
    last_step bigint DEFAULT 0 NOT NULL,
    confirmed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.usage_by_model (
    account uuid NOT NULL,
    day date NOT NULL,
    model_id text NOT NULL,
    requests bigint NOT NULL,
    credits_micro bigint NOT NULL,
    tokens bigint NOT NULL,
    duration_ms bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.usage_daily (
    account uuid NOT NULL,
    day date NOT NULL,
    requests bigint NOT NULL,
    credits_micro bigint NOT NULL,
    tokens bigint NOT NULL,
    duration_ms bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.usage_history (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    account uuid NOT NULL,
    request_id text NOT NULL,
    kind text NOT NULL,
    requests smallint NOT NULL,
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
    input_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    first_token_ms bigint NOT NULL,
    duration_ms bigint NOT NULL,
    total_tokens bigint GENERATED ALWAYS AS ((((input_tokens + cache_read_tokens) +
        cache_write_tokens) + output_tokens)) STORED,
    CONSTRAINT usage_history_cache_read_tokens_check CHECK ((cache_read_tokens >= 0)),
    CONSTRAINT usage_history_cache_write_tokens_check CHECK ((cache_write_tokens >= 0)),
    CONSTRAINT usage_history_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT usage_history_first_token_ms_check CHECK ((first_token_ms >= 0)),
    CONSTRAINT usage_history_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_history_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_history_reasoning_tokens_check CHECK ((reasoning_tokens >= 0)),
    CONSTRAINT usage_history_requests_check CHECK ((requests = ANY (ARRAY[0, 1])))
)
PARTITION BY RANGE (occurred_at);

CREATE TABLE public.usage_hourly (
    account uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    requests bigint NOT NULL,
    credits_micro bigint NOT NULL,
    tokens bigint NOT NULL,
    duration_ms bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.used_challenges (
    challenge bytea NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.user_preferences (
    user_id uuid NOT NULL,
    default_model_id text,
    enable_streaming boolean,
    max_tokens integer,
    temperature numeric(3,2),
    preferences_metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_preferences_max_tokens_check CHECK ((max_tokens >= 1)),
    CONSTRAINT user_preferences_preferences_metadata_check CHECK
        ((jsonb_typeof(preferences_metadata) = 'object'::text)),
    CONSTRAINT user_preferences_temperature_check CHECK (((temperature >= (0)::numeric) AND
        (temperature <= (2)::numeric)))
);

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    password_hash text,
    username text,
    first_name text,
    last_name text,
    profile_picture_url text,
    tier text NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    is_admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    last_login_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT users_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND
        (length(email) <= 254)))),
    CONSTRAINT users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT users_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text,
        'closed'::text])))
);

ALTER TABLE ONLY public.account_activity
    ADD CONSTRAINT account_activity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_changes
    ADD CONSTRAINT account_changes_pkey PRIMARY KEY (account, change_seq);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY public.browser_sessions
    ADD CONSTRAINT browser_sessions_pkey PRIMARY KEY (id_hash);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (user_id, client_id);

ALTER TABLE ONLY public.credit_alerts
    ADD CONSTRAINT credit_alerts_pkey PRIMARY KEY (tx);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (stream, entry_id);

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_pkey PRIMARY KEY (device_hash);

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_user_code_hash_key UNIQUE (user_code_hash);

ALTER TABLE ONLY public.email_links
    ADD CONSTRAINT email_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.email_outbox
    ADD CONSTRAINT email_outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (id_hash);

ALTER TABLE ONLY public.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.ledger_tx
    ADD CONSTRAINT ledger_tx_account_change_seq_key UNIQUE (account, change_seq);

ALTER TABLE ONLY public.ledger_tx
    ADD CONSTRAINT ledger_tx_account_epoch_seq_key UNIQUE (account, epoch, seq);

ALTER TABLE ONLY public.ledger_tx
    ADD CONSTRAINT ledger_tx_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT lots_account_change_seq_key UNIQUE (account, change_seq);

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT lots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT lots_stripe_ref_key UNIQUE (stripe_ref);

ALTER TABLE ONLY public.mfa_challenges
    ADD CONSTRAINT mfa_challenges_pkey PRIMARY KEY (browser_hash);

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT model_aliases_pkey PRIMARY KEY (alias);

ALTER TABLE ONLY public.model_routes
    ADD CONSTRAINT model_routes_pkey PRIMARY KEY (model_id, "position");

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth_clients
    ADD CONSTRAINT oauth_clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id);

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_model_id_effective_at_key UNIQUE (model_id, effective_at);

ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reconciliation_runs
    ADD CONSTRAINT reconciliation_runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_predecessor_hash_key UNIQUE (predecessor_hash);

ALTER TABLE ONLY public.shards
    ADD CONSTRAINT shards_pkey PRIMARY KEY (shard);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY public.subscription_periods
    ADD CONSTRAINT subscription_periods_lot_key UNIQUE (lot);

ALTER TABLE ONLY public.subscription_periods
    ADD CONSTRAINT subscription_periods_pkey PRIMARY KEY (subscription_id, period);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_stripe_subscription_key UNIQUE (stripe_subscription);

ALTER TABLE ONLY public.tiers
    ADD CONSTRAINT tiers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tiers
    ADD CONSTRAINT tiers_rank_key UNIQUE (rank);

ALTER TABLE ONLY public.totp_secrets
    ADD CONSTRAINT totp_secrets_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.usage_by_model
    ADD CONSTRAINT usage_by_model_pkey PRIMARY KEY (account, day, model_id);

ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT usage_daily_pkey PRIMARY KEY (account, day);

ALTER TABLE ONLY public.usage_history
    ADD CONSTRAINT usage_history_pkey PRIMARY KEY (id, occurred_at);

ALTER TABLE ONLY public.usage_hourly
    ADD CONSTRAINT usage_hourly_pkey PRIMARY KEY (account, hour);

ALTER TABLE ONLY public.used_challenges
    ADD CONSTRAINT used_challenges_pkey PRIMARY KEY (challenge);

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

CREATE INDEX account_activity_of_user ON public.account_activity USING btree (user_id, id);

CREATE INDEX account_changes_undelivered ON public.account_changes USING btree (created_at) WHERE
        (delivered_at IS NULL);

CREATE INDEX account_changes_waiting ON public.account_changes USING btree (account, change_seq)
        WHERE ((delivered_at IS NULL) AND (kind = 'grant'::text));

CREATE INDEX accounts_shard ON public.accounts USING btree (shard);

CREATE INDEX api_keys_user ON public.api_keys USING btree (user_id, created_at);

CREATE INDEX authorization_codes_of_grant ON public.authorization_codes USING btree (grant_id);

CREATE INDEX browser_sessions_of_user ON public.browser_sessions USING btree (user_id);

CREATE INDEX consents_of_client ON public.consents USING btree (client_id);

CREATE INDEX credit_alerts_account ON public.credit_alerts USING btree (account, occurred_at DESC);

CREATE INDEX device_codes_of_client ON public.device_codes USING btree (client_id);

CREATE INDEX device_codes_of_grant ON public.device_codes USING btree (grant_id);

CREATE INDEX email_links_of_user ON public.email_links USING btree (user_id);

CREATE INDEX email_links_revert ON public.email_links USING btree (email) WHERE (purpose =
        'revert_email'::text);

CREATE INDEX email_outbox_due ON public.email_outbox USING btree (due_at) WHERE (sent_at IS NULL);

CREATE INDEX grants_of_client ON public.grants USING btree (client_id);

CREATE INDEX grants_of_user ON public.grants USING btree (user_id, created_at);

CREATE INDEX grants_revoked ON public.grants USING btree (revoked_at) WHERE (revoked_at IS NOT
        NULL);

CREATE INDEX interactions_by_end ON public.interactions USING btree (expires_at);

CREATE INDEX ledger_entries_tx ON public.ledger_entries USING btree (tx);

CREATE UNIQUE INDEX ledger_tx_charged_once ON public.ledger_tx USING btree (account, request_id)
        WHERE (kind = ANY (ARRAY['settled'::text, 'unreserved'::text, 'expired'::text]));

CREATE INDEX lots_account ON public.lots USING btree (account);

CREATE INDEX lots_expiry ON public.lots USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX mfa_challenges_of_user ON public.mfa_challenges USING btree (user_id);

CREATE INDEX model_aliases_model ON public.model_aliases USING btree (model_id);

CREATE INDEX models_replacement ON public.models USING btree (replacement_id);

CREATE INDEX passkeys_of_user ON public.passkeys USING btree (user_id, created_at);

CREATE INDEX refresh_tokens_of_grant ON public.refresh_tokens USING btree (grant_id);

CREATE INDEX subscriptions_due ON public.subscriptions USING btree (current_period_end) WHERE
        (status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text]));

CREATE UNIQUE INDEX subscriptions_live ON public.subscriptions USING btree (user_id) WHERE (status
        = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text]));

CREATE INDEX subscriptions_user ON public.subscriptions USING btree (user_id);

CREATE INDEX usage_history_account ON ONLY public.usage_history USING btree (account, occurred_at
        DESC, id DESC);

CREATE INDEX used_challenges_by_time ON public.used_challenges USING btree (used_at);

CREATE INDEX user_preferences_model ON public.user_preferences USING btree (default_model_id);

CREATE TRIGGER account_changes_notify AFTER INSERT ON public.account_changes FOR EACH STATEMENT
        EXECUTE FUNCTION public.account_changes_notify();

CREATE TRIGGER ledger_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON
        public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_rewriting();

CREATE TRIGGER ledger_entries_balance AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE
        AS added FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_entries_balance();

CREATE TRIGGER ledger_tx_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_tx FOR
        EACH STATEMENT EXECUTE FUNCTION public.refuse_rewriting();

ALTER TABLE ONLY public.account_activity
    ADD CONSTRAINT account_activity_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.account_changes
    ADD CONSTRAINT account_changes_account_fkey FOREIGN KEY (account) REFERENCES
        public.accounts(id);

ALTER TABLE ONLY public.account_changes
    ADD CONSTRAINT account_changes_lot_fkey FOREIGN KEY (lot) REFERENCES public.lots(id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_id_fkey FOREIGN KEY (id) REFERENCES public.users(id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_shard_fkey FOREIGN KEY (shard) REFERENCES public.shards(shard);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_tier_fkey FOREIGN KEY (tier) REFERENCES public.tiers(id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES
        public.grants(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.browser_sessions
    ADD CONSTRAINT browser_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES
        public.oauth_clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.credit_alerts
    ADD CONSTRAINT credit_alerts_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.credit_alerts
    ADD CONSTRAINT credit_alerts_tx_fkey FOREIGN KEY (tx) REFERENCES public.ledger_tx(id);

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_client_id_fkey FOREIGN KEY (client_id) REFERENCES
        public.oauth_clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.email_links
    ADD CONSTRAINT email_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_client_id_fkey FOREIGN KEY (client_id) REFERENCES
        public.oauth_clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE
        CASCADE;

ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_lot_fkey FOREIGN KEY (lot) REFERENCES public.lots(id);

ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_tx_fkey FOREIGN KEY (tx) REFERENCES public.ledger_tx(id);

ALTER TABLE ONLY public.ledger_tx
    ADD CONSTRAINT ledger_tx_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.lots
    ADD CONSTRAINT lots_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.mfa_challenges
    ADD CONSTRAINT mfa_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT model_aliases_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.models(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.model_routes
    ADD CONSTRAINT model_routes_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.models(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_replacement_id_fkey FOREIGN KEY (replacement_id) REFERENCES
        public.models(id);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_required_tier_fkey FOREIGN KEY (required_tier) REFERENCES
        public.tiers(id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_tier_fkey FOREIGN KEY (tier) REFERENCES public.tiers(id);

ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.models(id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.subscription_periods
    ADD CONSTRAINT subscription_periods_lot_fkey FOREIGN KEY (lot) REFERENCES public.lots(id);

ALTER TABLE ONLY public.subscription_periods
    ADD CONSTRAINT subscription_periods_subscription_id_fkey FOREIGN KEY (subscription_id)
        REFERENCES public.subscriptions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.totp_secrets
    ADD CONSTRAINT totp_secrets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON
        DELETE CASCADE;

ALTER TABLE ONLY public.usage_by_model
    ADD CONSTRAINT usage_by_model_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT usage_daily_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE public.usage_history
    ADD CONSTRAINT usage_history_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.usage_hourly
    ADD CONSTRAINT usage_hourly_account_fkey FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_default_model_id_fkey FOREIGN KEY (default_model_id) REFERENCES
        public.models(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.user_preferences
    ADD CONSTRAINT user_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id)
        ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_tier_fkey FOREIGN KEY (tier) REFERENCES public.tiers(id);
