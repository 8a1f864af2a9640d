"""Prometheus metrics of one API process."""

from collections.abc import Iterator
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from app.billing.settlement import Outcome
from app.database import Database
from app.models import WebhookDelivery

# The 500 ms of the service level objective is a bucket of its own.
DURATION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    def __init__(self, database: Database) -> None:
        # A registry per app rather than the global one, so that two apps in a process do not add up.
        self.registry = CollectorRegistry()
        self.payments = Counter(
            "payments_total", "Callbacks of the provider by what became of them", ["outcome"], registry=self.registry
        )
        for outcome in (*get_args(Outcome), "invalid"):
            # Present from the first scrape: an alert on a rate needs the zero before the first failure.
            self.payments.labels(outcome)
        self.requests = Histogram(
            "http_request_duration_seconds",
            "Time to answer a request",
            ["method", "route", "status"],
            buckets=DURATION_BUCKETS,
            registry=self.registry,
        )
        pool = database.engine.pool
        assert isinstance(pool, QueuePool)
        for name, help_text, read in (
            ("db_pool_size", "Connections the pool keeps", pool.size),
            ("db_pool_checked_out", "Connections in use", pool.checkedout),
            ("db_pool_idle", "Connections open and waiting", pool.checkedin),
        ):
            Gauge(name, help_text, registry=self.registry).set_function(read)
        self.registry.register(WebhookBacklog(database))


class WebhookBacklog(Collector):
    """Counted in the database at each scrape: the worker that changes it is another process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield self._family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = self._family()
        try:
            with self._database.transaction() as session:
                counts = dict(
                    session.execute(select(WebhookDelivery.status, func.count()).group_by(WebhookDelivery.status)).all()
                )
        except SQLAlchemyError:
            # With Postgres away the other metrics matter most, so the scrape goes on without this one.
            return
        for status in ("pending", "delivered", "dead"):
            family.add_metric([status], counts.get(status, 0))
        yield family

    @staticmethod
    def _family() -> GaugeMetricFamily:
        return GaugeMetricFamily("webhook_deliveries", "Outbound deliveries by status", labels=["status"])
