"""The pages a customer sees. They work without JavaScript."""

import secrets
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import ValidationError
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import money, queue
from app.billing import checkout
from app.billing.errors import BillingError, NotFound
from app.billing.reconciliation import reconcile
from app.ecpay import orders
from app.ecpay.errors import ProviderError
from app.idempotency import KeyInUse, KeyReused
from app.models import Payment, Receipt
from app.ratelimit import RateLimited
from app.routes.checkout import CheckoutRequest, begin
from app.services import Injected, Services

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent.parent / "templates")
templates.env.filters["money"] = money.display
templates.env.globals["period_names"] = {"D": "day", "M": "month", "Y": "year"}


@router.get("/")
def choose_plan(request: Request, services: Injected, plan: str = "") -> HTMLResponse:
    return _plan_page(request, services, plan=plan)


@router.post("/start")
def start(
    request: Request,
    services: Injected,
    plan: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    idempotency_key: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    try:
        body = CheckoutRequest(plan=plan, email=email)
        answer, _ = begin(services, request, body, idempotency_key or secrets.token_urlsafe())
    except ValidationError:
        return _plan_page(request, services, plan, email, "Enter a valid e-mail address.", 422)
    except RateLimited as error:
        wait = f"Too many attempts. Try again in {error.retry_after_seconds} seconds."
        return _plan_page(request, services, plan, email, wait, 429)
    except (KeyInUse, KeyReused):
        return _plan_page(request, services, plan, email, "Your order was changed. Please confirm it again.", 409)
    except BillingError:
        return _plan_page(request, services, plan, email, "Choose one of the plans.", 422)
    except RedisError:
        return _plan_page(request, services, plan, email, "We cannot take orders right now.", 503)
    return RedirectResponse(f"/pay/{answer['merchant_trade_no']}", 303)


@router.get("/pay/{trade_no}")
def pay(request: Request, trade_no: str, services: Injected) -> Response:
    with services.database.transaction() as session:
        payment = _order_or_none(session, trade_no)
        if payment is None:
            return _not_found(request)
        if payment.status == "paid":
            return RedirectResponse(f"/result/{trade_no}", 303)
        return templates.TemplateResponse(
            request,
            "pay.html",
            {
                "payment": payment,
                "plan": payment.plan,
                "action": orders.checkout_url(services.settings),
                "fields": orders.order_form(services.settings, payment),
            },
            headers={"Cache-Control": "no-store"},
        )


@router.get("/result/{trade_no}")
def result(request: Request, trade_no: str, services: Injected) -> HTMLResponse:
    return _result_page(request, services, trade_no)


@router.post("/result/{trade_no}/check")
def check_with_provider(request: Request, trade_no: str, services: Injected, background: BackgroundTasks) -> Response:
    """For the customer who paid and whose notification is late."""
    try:
        services.limiter.check(request.client.host if request.client else "unknown")
        settlement = reconcile(services.database, services.ecpay, trade_no)
    except NotFound:
        return _not_found(request)
    except (ProviderError, RateLimited):
        return _result_page(request, services, trade_no, "The payment provider did not answer. Try again shortly.")
    if settlement is not None:
        services.metrics.payments.labels(settlement.outcome).inc()
        background.add_task(queue.enqueue, services.jobs, settlement.work)
    return RedirectResponse(f"/result/{trade_no}", 303)


def _plan_page(
    request: Request, services: Services, plan: str = "", email: str = "", error: str = "", status: int = 200
) -> HTMLResponse:
    with services.database.transaction() as session:
        plans = checkout.plans_on_sale(session)
    chosen = plan if plan in {each.code for each in plans} else (plans[0].code if plans else "")
    return templates.TemplateResponse(
        request,
        "plans.html",
        # A new key per page: sending this form twice is one order, opening the page twice may be two.
        {"plans": plans, "chosen": chosen, "email": email, "error": error, "key": secrets.token_urlsafe()},
        status,
    )


def _result_page(request: Request, services: Services, trade_no: str, error: str = "") -> HTMLResponse:
    with services.database.transaction() as session:
        payment = _order_or_none(session, trade_no)
        if payment is None:
            return _not_found(request)
        receipt = session.scalar(select(Receipt).where(Receipt.payment_id == payment.id))
        return templates.TemplateResponse(
            request,
            "result.html",
            {"payment": payment, "plan": payment.plan, "receipt": receipt, "error": error},
            headers={"Cache-Control": "no-store"},
        )


def _order_or_none(session: Session, trade_no: str) -> Payment | None:
    try:
        return checkout.find_order(session, trade_no)
    except NotFound:
        return None


def _not_found(request: Request) -> HTMLResponse:
    return templates.TemplateResponse(request, "not_found.html", status_code=404)
