"""ECPay's side of the conversation: its notifications, and the browser it sends back."""

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from app import queue
from app.billing.settlement import settle
from app.ecpay import notifications
from app.ecpay.notifications import NotificationInvalid
from app.services import Injected, Services

log = logging.getLogger(__name__)
router = APIRouter(prefix="/ecpay", tags=["ecpay"])


async def form_fields(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=100) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(form_fields)]


@router.post("/return")
def first_result(fields: Fields, services: Injected, background: BackgroundTasks) -> Response:
    return _receive("return", fields, services, background)


@router.post("/period")
def period_result(fields: Fields, services: Injected, background: BackgroundTasks) -> Response:
    return _receive("period", fields, services, background)


@router.post("/result")
def browser_returns(fields: Fields, services: Injected) -> Response:
    """Where ECPay posts the customer's browser to. It only decides which page to show.

    The notification settles the payment; a browser may come first, twice, or never.
    """
    try:
        notifications.verify(fields, services.settings)
    except NotificationInvalid:
        return PlainTextResponse("This page is only reached from the payment page.", 400)
    # Relative to this service, since whatever the field holds has been signed but not chosen by us.
    return RedirectResponse(f"/result/{fields.get('MerchantTradeNo', '')}", 303)


def _receive(
    kind: Literal["return", "period"], fields: dict[str, str], services: Services, background: BackgroundTasks
) -> Response:
    try:
        notice = notifications.read(kind, fields, services.settings)
    except NotificationInvalid as error:
        log.warning("callback refused", extra={"kind": kind, "reason": str(error)})
        services.metrics.payments.labels("invalid").inc()
        return PlainTextResponse("0|refused", 400)

    with services.database.transaction() as session:
        settlement = settle(session, notice, fields, services.settings.ecpay_accept_simulated)
    # After the commit, so that neither a metric nor a job tells of something that was rolled back.
    services.metrics.payments.labels(settlement.outcome).inc()
    background.add_task(queue.enqueue, services.jobs, settlement.work)
    log.info(
        "callback",
        extra={"kind": kind, "order": notice.merchant_trade_no, "outcome": settlement.outcome},
    )
    if settlement.accepted:
        return PlainTextResponse("1|OK")
    return PlainTextResponse(f"0|{settlement.outcome}", 400)
