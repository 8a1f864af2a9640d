"""What the sweep finds: work whose job was lost, because Redis was down or was emptied."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import ProviderTask, WebhookDelivery
from app.webhooks.outbox import Work

BATCH = 200


def due_work(session: Session) -> list[Work]:
    work = []
    for job, table in (("deliver_webhook", WebhookDelivery), ("run_provider_task", ProviderTask)):
        ids = session.scalars(
            select(table.id)
            .where(table.status == "pending", table.next_attempt_at <= func.now())
            .order_by(table.next_attempt_at)
            .limit(BATCH)
        )
        work += [Work(job, str(subject_id)) for subject_id in ids]
    return work
