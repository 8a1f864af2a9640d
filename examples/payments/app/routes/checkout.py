"""Starting a checkout over JSON, and asking how it went."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from app import tokens
from app.billing import checkout
from app.errors import problem
from app.services import Injected, Services

router = APIRouter(tags=["checkout"])

Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
]


class CheckoutRequest(BaseModel):
    plan: str = Field(max_length=40)
    email: Email
    name: str = Field("", max_length=100)


@router.get("/plans")
def plans(services: Injected) -> list[dict[str, Any]]:
    with services.database.transaction() as session:
        return [
            {
                "code": plan.code,
                "name": plan.name,
                "amount_minor": plan.amount_minor,
                "currency": plan.currency,
                "period": {"type": plan.period_type, "frequency": plan.frequency},
            }
            for plan in checkout.plans_on_sale(session)
        ]


@router.post("/checkout", status_code=201)
def create_checkout(
    body: CheckoutRequest,
    request: Request,
    response: Response,
    services: Injected,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Any:
    if not idempotency_key:
        return problem(400, "key_missing", "send an Idempotency-Key header")
    answer, replayed = begin(services, request, body, idempotency_key)
    if replayed:
        response.headers["Idempotent-Replay"] = "true"
    return answer


@router.get("/orders/{trade_no}")
def order(trade_no: str, services: Injected) -> dict[str, Any]:
    with services.database.transaction() as session:
        payment = checkout.find_order(session, trade_no)
        return {
            "merchant_trade_no": payment.merchant_trade_no,
            "status": payment.status,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "plan": payment.plan.code,
        }


def begin(
    services: Services, request: Request, body: CheckoutRequest, idempotency_key: str
) -> tuple[dict[str, Any], bool]:
    services.limiter.check(request.client.host if request.client else "unknown")

    def create() -> dict[str, Any]:
        with services.database.transaction() as session:
            payment = checkout.start(session, body.plan, body.email, body.name)
            return {
                "merchant_trade_no": payment.merchant_trade_no,
                "subscription_id": str(payment.subscription_id),
                "checkout_url": services.settings.public_url(f"/pay/{payment.merchant_trade_no}"),
                "manage_token": tokens.manage_token(services.settings, payment.subscription_id),
            }

    return services.idempotency.once(idempotency_key, body.model_dump(), create)
