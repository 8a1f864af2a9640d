"""Events are written in the transaction that causes them, so there is never one without the other."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import WebhookDelivery, WebhookEndpoint, WebhookEvent


class Work(NamedTuple):
    """A job to queue once the transaction has committed."""

    job: str
    subject_id: str


def publish(session: Session, event_type: str, payload: dict[str, Any]) -> list[Work]:
    event = WebhookEvent(type=event_type, payload=payload)
    session.add(event)
    session.flush()
    endpoint_ids = session.scalars(select(WebhookEndpoint.id).where(WebhookEndpoint.active))
    deliveries = [WebhookDelivery(event_id=event.id, endpoint_id=endpoint_id) for endpoint_id in endpoint_ids]
    session.add_all(deliveries)
    session.flush()
    return [Work("deliver_webhook", str(delivery.id)) for delivery in deliveries]
