"""The metrics of this replica, for Prometheus. Each series is labelled with the replica's name.

Source of the names: https://prometheus.io/docs/practices/naming/.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """One registry per replica."""

    def __init__(self, replica: str) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        own = self._registry
        requests = Counter(
            "headrace_requests",
            "Requests by model and result.",
            ["replica", "model", "code"],
            registry=own,
        )
        first = Histogram(
            "headrace_time_to_first_token_seconds",
            "From a request's arrival to the first content sent.",
            ["replica"],
            buckets=_SECONDS,
            registry=own,
        )
        duration = Histogram(
            "headrace_request_duration_seconds",
            "From a request's arrival to its end.",
            ["replica"],
            buckets=_SECONDS,
            registry=own,
        )
        tokens = Counter("headrace_tokens", "Tokens charged.", ["replica", "kind"], registry=own)
        charged = Counter(
            "headrace_charged_micro_credits",
            "Micro-credits charged.",
            ["replica"],
            registry=own,
        )
        attempts = Counter(
            "headrace_upstream_attempts",
            "Attempts at providers by result.",
            ["replica", "provider", "outcome"],
            registry=own,
        )
        streams = Gauge("headrace_open_streams", "Requests in flight.", ["replica"], registry=own)
        corrected = Counter(
            "headrace_corrected_usage",
            "Requests whose provider reported token counts that cannot be true.",
            ["replica", "provider"],
            registry=own,
        )
        unpriced = Counter(
            "headrace_unpriced_usage",
            "What was served without a price and charged at the dearest there is, by its kind.",
            ["replica", "provider", "kind"],
            registry=own,
        )
        self._requests, self._attempts, self._replica = requests, attempts, replica
        self._corrected, self._unpriced = corrected, unpriced
        self.first_token, self.duration = first.labels(replica), duration.labels(replica)
        self.input_tokens = tokens.labels(replica, "input")
        self.output_tokens = tokens.labels(replica, "output")
        self.charged, self.open_streams = charged.labels(replica), streams.labels(replica)

    def count_request(self, model: str, code: str) -> None:
        """`model` is empty before it is known; `code` is `ok` or the error's."""
        self._requests.labels(self._replica, model, code).inc()

    def count_attempt(self, provider: str, outcome: str) -> None:
        """`outcome` is `ok` or whose fault the failure was, see core/upstream_failure.py."""
        self._attempts.labels(self._replica, provider, outcome).inc()

    def count_corrected_usage(self, provider: str) -> None:
        self._corrected.labels(self._replica, provider).inc()

    def count_unpriced_usage(self, provider: str, kind: str) -> None:
        self._unpriced.labels(self._replica, provider, kind).inc()

    def exposition(self) -> bytes:
        """All of them, in Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)
