"""The workers' figures, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """One registry per process, handed down, so that a test has its own."""

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
            "Grants and amendments carried to Redis",
            registry=registry,
        )
