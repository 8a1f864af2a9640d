"""For the merchant's staff and systems, behind ADMIN_WEBHOOK_TOKEN."""

import secrets
import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Depends, Header, HTTPException, Query
from pydantic import BaseModel, Field, PositiveInt
from sqlalchemy import select

from app import queue, tokens
from app.billing import refunds
from app.billing.errors import NotAllowedNow, NotFound
from app.billing.reconciliation import reconcile
from app.models import Payment, Refund, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.services import Injected
from app.settings import HttpUrl
from app.webhooks import delivery as deliveries
from app.webhooks.outbox import Work


def admin_only(services: Injected, authorization: Annotated[str | None, Header()] = None) -> None:
    expected = services.settings.admin_webhook_token.get_secret_value()
    if not tokens.same_token(expected, tokens.bearer(authorization)):
        raise HTTPException(401, "admin token required", {"WWW-Authenticate": "Bearer"})


router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(admin_only)])


class RefundRequest(BaseModel):
    payment_id: uuid.UUID
    amount_minor: PositiveInt | None = None
    reason: str = Field("", max_length=200)


class EndpointRequest(BaseModel):
    url: HttpUrl


@router.get("/payments")
def list_payments(
    services: Injected,
    status: Literal["pending", "paid", "failed"] | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[dict[str, Any]]:
    query = select(Payment).order_by(Payment.created_at.desc()).limit(limit)
    if status is not None:
        query = query.where(Payment.status == status)
    with services.database.transaction() as session:
        return [
            {
                "id": str(payment.id),
                "subscription_id": str(payment.subscription_id),
                "kind": payment.kind,
                "status": payment.status,
                "merchant_trade_no": payment.merchant_trade_no,
                "amount_minor": payment.amount_minor,
                "currency": payment.currency,
                "failure_code": payment.failure_code,
                "refundable_minor": refunds.refundable_minor(session, payment) if payment.status == "paid" else 0,
            }
            for payment in session.scalars(query)
        ]


@router.post("/refunds", status_code=201)
def create_refund(body: RefundRequest, services: Injected, background: BackgroundTasks) -> dict[str, Any]:
    with services.database.transaction() as session:
        refund_id = refunds.request(session, body.payment_id, body.amount_minor, body.reason).id
    _, work = refunds.execute(services.database, services.ecpay, refund_id)
    background.add_task(queue.enqueue, services.jobs, work)
    with services.database.transaction() as session:
        refund = session.get_one(Refund, refund_id)
        return {
            "id": str(refund.id),
            "status": refund.status,
            "amount_minor": refund.amount_minor,
            "message": refund.provider_message,
        }


@router.post("/orders/{trade_no}/reconcile")
def reconcile_order(trade_no: str, services: Injected, background: BackgroundTasks) -> dict[str, Any]:
    settlement = reconcile(services.database, services.ecpay, trade_no)
    if settlement is None:
        return {"outcome": "nothing_to_do"}
    services.metrics.payments.labels(settlement.outcome).inc()
    background.add_task(queue.enqueue, services.jobs, settlement.work)
    return {"outcome": settlement.outcome}


@router.get("/orders/{trade_no}/authorization")
def authorization(trade_no: str, services: Injected) -> dict[str, Any]:
    answer = services.ecpay.query_period(trade_no)
    return {
        "status": {"0": "cancelled", "1": "running", "2": "finished"}.get(str(answer.get("ExecStatus")), "unknown"),
        "successful_charges": int(answer.get("TotalSuccessTimes", 0)),
    }


@router.post("/webhook-endpoints", status_code=201)
def add_endpoint(body: EndpointRequest, services: Injected) -> dict[str, str]:
    with services.database.transaction() as session:
        endpoint = WebhookEndpoint(url=body.url, secret="whsec_" + secrets.token_urlsafe(32))
        session.add(endpoint)
        session.flush()
        # Shown this once; nothing else ever returns it.
        return {"id": str(endpoint.id), "url": endpoint.url, "secret": endpoint.secret}


@router.delete("/webhook-endpoints/{endpoint_id}", status_code=204)
def remove_endpoint(endpoint_id: uuid.UUID, services: Injected) -> None:
    with services.database.transaction() as session:
        endpoint = session.get(WebhookEndpoint, endpoint_id)
        if endpoint is None:
            raise NotFound("no such endpoint")
        # Kept for the history of its deliveries.
        endpoint.active = False


@router.get("/webhook-deliveries")
def list_deliveries(
    services: Injected, status: Literal["pending", "delivered", "dead"] | None = None
) -> list[dict[str, Any]]:
    query = select(WebhookDelivery).order_by(WebhookDelivery.next_attempt_at.desc()).limit(200)
    if status is not None:
        query = query.where(WebhookDelivery.status == status)
    with services.database.transaction() as session:
        return [
            {
                "id": str(row.id),
                "event": row.event.type,
                "status": row.status,
                "attempts": [
                    {"number": tried.number, "status_code": tried.status_code, "error": tried.error}
                    for tried in session.scalars(
                        select(WebhookAttempt)
                        .where(WebhookAttempt.delivery_id == row.id)
                        .order_by(WebhookAttempt.number)
                    )
                ],
            }
            for row in session.scalars(query)
        ]


@router.post("/webhook-deliveries/{delivery_id}/retry", status_code=202)
def retry_delivery(delivery_id: uuid.UUID, services: Injected, background: BackgroundTasks) -> dict[str, str]:
    with services.database.transaction() as session:
        row = session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if row is None:
            raise NotFound("no such delivery")
        if row.status != "dead":
            raise NotAllowedNow(f"a delivery that is {row.status} needs no retry")
        deliveries.revive(row)
    background.add_task(queue.enqueue, services.jobs, [Work("deliver_webhook", str(delivery_id))])
    return {"id": str(delivery_id), "status": "pending"}
