"""One attempt at one delivery."""

import json
import logging
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx

from app.database import Database
from app.models import WebhookAttempt, WebhookDelivery
from app.settings import Settings
from app.webhooks import signing
from app.webhooks.backoff import delay_seconds

log = logging.getLogger(__name__)


def attempt(database: Database, http: httpx.Client, settings: Settings, delivery_id: uuid.UUID) -> datetime | None:
    """Tries once; returns when to try again, or None when there is nothing more to do.

    The row is locked while the receiver is called and `SKIP LOCKED` lets any other worker pass by, so the sweep and
    the queue handing out the same delivery do not become two requests.
    """
    with database.transaction() as session:
        delivery = session.get(WebhookDelivery, delivery_id, with_for_update={"skip_locked": True})
        now = datetime.now(UTC)
        if delivery is None or delivery.status != "pending":
            return None
        if delivery.next_attempt_at > now:
            return delivery.next_attempt_at

        number = delivery.attempts + 1
        started = time.monotonic()
        status_code, error = _send(http, settings, delivery, number)
        duration_ms = round((time.monotonic() - started) * 1000)
        session.add(
            WebhookAttempt(
                delivery_id=delivery.id, number=number, status_code=status_code, error=error, duration_ms=duration_ms
            )
        )
        delivery.attempts = number
        if error is None:
            delivery.status = "delivered"
            return None
        if number >= settings.webhook_max_attempts:
            delivery.status = "dead"
            log.error("webhook given up", extra={"delivery": str(delivery.id), "attempts": number, "error": error})
            return None
        wait = delay_seconds(number, settings.webhook_backoff_base_seconds, settings.webhook_backoff_cap_seconds)
        delivery.next_attempt_at = datetime.now(UTC) + timedelta(seconds=wait)
        return delivery.next_attempt_at


def revive(delivery: WebhookDelivery) -> None:
    """An admin's second chance for a dead delivery. Attempts keep counting, so their history stays whole."""
    delivery.status = "pending"
    delivery.next_attempt_at = datetime.now(UTC)


def _send(
    http: httpx.Client, settings: Settings, delivery: WebhookDelivery, number: int
) -> tuple[int | None, str | None]:
    event = delivery.event
    body = json.dumps(
        {
            "id": str(event.id),
            "type": event.type,
            "created_at": event.created_at.isoformat(),
            "data": event.payload,
        },
        separators=(",", ":"),
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"payments/{settings.app_version}",
        "X-Payments-Event": event.type,
        # The same for each attempt, so the receiver can recognise a repeat.
        "X-Payments-Delivery": str(delivery.id),
        "X-Payments-Attempt": str(number),
        signing.HEADER: signing.signature(delivery.endpoint.secret, int(time.time()), body),
    }
    try:
        response = http.post(delivery.endpoint.url, content=body, headers=headers)
    except httpx.HTTPError as error:
        return None, type(error).__name__
    # A redirect is a failure too: following it would hand the payload to an address nobody registered.
    return response.status_code, None if response.is_success else f"HTTP {response.status_code}"
