"""What monitoring reads: counts and times in Prometheus' format, and nothing about a person."""

import prometheus_client as prometheus


class Metrics:
    """The service's own registry, so that two services in one process do not mix."""

    def __init__(self):
        self.registry = registry = prometheus.CollectorRegistry()
        seconds = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
        self.received = _counter(registry, "received", "Submissions accepted", ["week"])
        self.refused = _counter(registry, "refused", "Submissions refused", ["status"])
        self.graded = _counter(registry, "graded", "Submissions graded", ["week", "state"])
        self.lost = _counter(registry, "worker_failures", "Times that grading failed and was tried again")
        self.delivered = _counter(registry, "delivered", "Results written to a grade book")
        self.requests = _counter(registry, "requests", "HTTP requests", ["route", "method", "status"])
        self.grading = prometheus.Histogram(
            "medlabs_grading_seconds", "Seconds of grading one submission", ["week"], buckets=seconds, registry=registry
        )
        self.wait = prometheus.Histogram(
            "medlabs_wait_seconds", "Seconds from receipt to result", buckets=seconds, registry=registry
        )
        self.places = _gauge(registry, "places", "Submissions that can be graded at the same time")
        self.jobs = _gauge(registry, "jobs", "Jobs in the queue", ["state"])
        self.apart = _gauge(registry, "clock_apart_seconds", "The machine's clock ahead of the service's")
        self.free = _gauge(registry, "disk_free_bytes", "Room where submissions are kept")

    def text(self):
        """Write all of it."""
        return prometheus.generate_latest(self.registry)


def _counter(registry, name, words, labels=()):
    return prometheus.Counter(f"medlabs_{name}", words, labels, registry=registry)


def _gauge(registry, name, words, labels=()):
    return prometheus.Gauge(f"medlabs_{name}", words, labels, registry=registry)
