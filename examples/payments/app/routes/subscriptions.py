"""For a subscription's owner, who holds its manage token."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Header
from pydantic import BaseModel, Field
from sqlalchemy import select

from app import queue, tokens
from app.billing import cancellation, upgrades
from app.billing.errors import NotFound
from app.ecpay import clock
from app.models import Payment, Receipt, Subscription
from app.services import Injected

router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])


def owned(
    subscription_id: uuid.UUID, services: Injected, authorization: Annotated[str | None, Header()] = None
) -> uuid.UUID:
    expected = tokens.manage_token(services.settings, subscription_id)
    if not tokens.same_token(expected, tokens.bearer(authorization)):
        # The same answer as for one that does not exist: a stranger learns nothing about which ids are real.
        raise NotFound("no such subscription")
    return subscription_id


Owned = Annotated[uuid.UUID, Depends(owned)]


class UpgradeRequest(BaseModel):
    plan: str = Field(max_length=40)


@router.get("/{subscription_id}")
def show(owned_id: Owned, services: Injected) -> dict[str, Any]:
    with services.database.transaction() as session:
        subscription = session.get(Subscription, owned_id)
        if subscription is None:
            raise NotFound("no such subscription")
        return {
            "id": str(subscription.id),
            "status": subscription.status,
            "plan": subscription.plan.code,
            "current_period_start": subscription.current_period_start,
            "current_period_end": subscription.current_period_end,
            "cancelled_at": subscription.cancelled_at,
        }


@router.get("/{subscription_id}/receipts")
def receipts(owned_id: Owned, services: Injected) -> list[dict[str, Any]]:
    with services.database.transaction() as session:
        rows = session.scalars(
            select(Receipt)
            .join(Payment)
            .where(Payment.subscription_id == owned_id)
            .order_by(Receipt.year, Receipt.number)
        )
        return [
            {
                "number": row.label,
                "amount_minor": row.amount_minor,
                "currency": row.currency,
                "issued_at": row.issued_at,
            }
            for row in rows
        ]


@router.get("/{subscription_id}/upgrade")
def quote_upgrade(owned_id: Owned, plan: str, services: Injected) -> dict[str, Any]:
    with services.database.transaction() as session:
        _, quote = upgrades.quote(session, session.get_one(Subscription, owned_id), plan, clock.now())
    return {
        "charge_minor": quote.charge_minor,
        "credit_minor": quote.credit_minor,
        "net_minor": quote.net_minor,
    }


@router.post("/{subscription_id}/upgrade", status_code=201)
def start_upgrade(owned_id: Owned, body: UpgradeRequest, services: Injected) -> dict[str, Any]:
    with services.database.transaction() as session:
        subscription = session.get_one(Subscription, owned_id, with_for_update=True)
        payment = upgrades.start(session, subscription, body.plan, clock.now())
        return {
            "merchant_trade_no": payment.merchant_trade_no,
            "checkout_url": services.settings.public_url(f"/pay/{payment.merchant_trade_no}"),
            "charge_minor": payment.amount_minor,
            "credit_minor": payment.credit_minor,
        }


@router.post("/{subscription_id}/cancel")
def cancel(owned_id: Owned, services: Injected, background: BackgroundTasks) -> dict[str, Any]:
    work = cancellation.cancel(services.database, services.ecpay, owned_id)
    background.add_task(queue.enqueue, services.jobs, work)
    return show(owned_id, services)
