"""Every Prometheus metric of the control plane. Each process has one registry, passed in."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class HttpMetrics:
    """Requests by route pattern, not by path, so that the number of label values is bounded."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.requests = Counter(
            "headrace_http_requests",
            "HTTP requests",
            ["method", "route", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "headrace_http_request_seconds", "HTTP request duration", ["route"], registry=registry
        )


class WorkerMetrics:
    """Posting of usage, delivery of account changes, and reconciliation."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.booked = Counter(
            "headrace_entries_booked", "Outbox entries booked for the first time", registry=registry
        )
        self.repeated = Counter(
            "headrace_entries_repeated", "Outbox entries that had been booked", registry=registry
        )
        self.dead = Counter(
            "headrace_entries_dead", "Outbox entries kept aside in dead_letters", registry=registry
        )
        self.batches = Counter("headrace_batches", "Batches committed", registry=registry)
        self.lag = Gauge(
            "headrace_outbox_lag", "Entries not yet read", ["shard"], registry=registry
        )
        self.pending = Gauge(
            "headrace_outbox_pending",
            "Entries read and not yet booked",
            ["shard"],
            registry=registry,
        )
        self.delivered = Counter(
            "headrace_changes_delivered",
            "Grants, amendments and corrections carried to Redis",
            registry=registry,
        )
        self.refused = Gauge(
            "headrace_changes_refused",
            "Changes that Redis could not take: balances too large to count",
            registry=registry,
        )
        self.alerts = Counter(
            *("headrace_credit_alerts", "Low-credit alerts booked", ["event_type"]),
            registry=registry,
        )
        self.duplicates = Counter(
            "headrace_entries_duplicate",
            "Second charges of a request that were booked as nothing and given back",
            registry=registry,
        )
        self.drifting = Gauge(
            "headrace_reconciliation_drift_accounts",
            "Accounts whose books disagreed in the last reconciliation",
            registry=registry,
        )
        self.strays = Gauge(
            "headrace_reconciliation_strays",
            "Holds nobody had ended in the last reconciliation",
            registry=registry,
        )
        self.reconciled_at = Gauge(
            "headrace_reconciliation_last_run_timestamp_seconds",
            "When the last reconciliation ended",
            registry=registry,
        )
