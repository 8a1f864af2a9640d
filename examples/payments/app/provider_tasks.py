"""One attempt at one task owed to ECPay."""

import logging
import uuid
from datetime import UTC, datetime, timedelta

from app.billing import refunds
from app.database import Database
from app.ecpay.client import EcpayClient
from app.ecpay.errors import ProviderError
from app.models import ProviderTask
from app.settings import Settings
from app.webhooks.backoff import delay_seconds
from app.webhooks.outbox import Work

log = logging.getLogger(__name__)


def attempt(
    database: Database, ecpay: EcpayClient, settings: Settings, task_id: uuid.UUID
) -> tuple[datetime | None, list[Work]]:
    """Tries once; returns when to try again (None: never) and the jobs that follow from it."""
    with database.transaction() as session:
        task = session.get(ProviderTask, task_id, with_for_update={"skip_locked": True})
        if task is None or task.status != "pending":
            return None, []
        if task.next_attempt_at > datetime.now(UTC):
            return task.next_attempt_at, []
        task.attempts += 1
        if task.kind == "refund" and task.refund_id is not None:
            # Asked once only: a refund whose answer was lost may have happened.
            _, work = refunds.execute(database, ecpay, task.refund_id)
            task.status = "done"
            return None, work
        try:
            ecpay.cancel_period(task.merchant_trade_no or "")
        except ProviderError as error:
            return _again_later(task, settings, error), []
        task.status = "done"
        return None, []


def _again_later(task: ProviderTask, settings: Settings, error: ProviderError) -> datetime | None:
    task.last_error = str(error)[:200]
    if task.attempts >= settings.webhook_max_attempts:
        task.status = "dead"
        log.error("task for the provider given up", extra={"task": str(task.id), "error": task.last_error})
        return None
    wait = delay_seconds(task.attempts, settings.webhook_backoff_base_seconds, settings.webhook_backoff_cap_seconds)
    task.next_attempt_at = datetime.now(UTC) + timedelta(seconds=wait)
    return task.next_attempt_at
