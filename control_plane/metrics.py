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
        self._add_posting(registry)
        self._add_delivery(registry)
        self._add_reconciliation(registry)

    def _add_posting(self, registry: CollectorRegistry) -> None:
        self.posted = Counter(
            "headrace_entries_posted", "Outbox entries posted for the first time", registry=registry
        )
        self.redelivered = Counter(
            "headrace_entries_redelivered",
            "Outbox entries that were already posted",
            registry=registry,
        )
        self.dead_lettered = Counter(
            "headrace_entries_dead_lettered",
            "Outbox entries moved to dead_letters",
            registry=registry,
        )
        self.batches = Counter("headrace_batches", "Batches committed", registry=registry)
        self.lag = Gauge(
            "headrace_outbox_lag", "Entries not yet read", ["shard"], registry=registry
        )
        self.pending = Gauge(
            "headrace_outbox_pending",
            "Entries read and not yet posted",
            ["shard"],
            registry=registry,
        )
        self.alerts = Counter(
            "headrace_credit_alerts",
            "Low-credit alerts posted",
            ["event_type"],
            registry=registry,
        )
        self.voided = Counter(
            "headrace_entries_voided",
            "Second charges of a request, posted as zero and returned",
            registry=registry,
        )

    def _add_delivery(self, registry: CollectorRegistry) -> None:
        self.delivered = Counter(
            "headrace_changes_delivered",
            "Account changes delivered to Redis",
            registry=registry,
        )
        self.refused = Gauge(
            "headrace_changes_refused",
            "Account changes that Redis refused: the balance would exceed exact integers",
            registry=registry,
        )

    def _add_reconciliation(self, registry: CollectorRegistry) -> None:
        self.drifting = Gauge(
            "headrace_reconciliation_drift_accounts",
            "Accounts that disagreed in the last reconciliation",
            registry=registry,
        )
        self.orphaned_holds = Gauge(
            "headrace_reconciliation_orphaned_holds",
            "Holds past their deadline in the last reconciliation",
            registry=registry,
        )
        self.reconciled_at = Gauge(
            "headrace_reconciliation_last_run_timestamp_seconds",
            "When the last reconciliation ended",
            registry=registry,
        )
