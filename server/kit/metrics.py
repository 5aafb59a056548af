"""Prometheus metrics of one process."""

from prometheus_client import Histogram

requests = Histogram(
    "jiedui_request_seconds",
    "Time from request to reply",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1, 3, 10),
)
