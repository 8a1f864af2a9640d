"""Giving money back, at most once."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.billing.errors import NotAllowedNow, NotFound, RefundTooLarge
from app.database import Database
from app.ecpay.client import EcpayClient
from app.ecpay.errors import ProviderError, ProviderRefused, ProviderUnreachable
from app.models import Payment, Refund
from app.money import MINOR_PER_UNIT
from app.webhooks import outbox
from app.webhooks.outbox import Work


def refundable_minor(session: Session, payment: Payment) -> int:
    """What is left to give back. Refunds under way and those with an unknown end count as given."""
    given = session.scalar(
        select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
            Refund.payment_id == payment.id, Refund.status != "failed"
        )
    )
    return payment.amount_minor - int(given or 0)


def request(session: Session, payment_id: uuid.UUID, amount_minor: int | None, reason: str) -> Refund:
    """Reserves the amount, in a transaction of its own that ends before ECPay is asked.

    The lock on the payment makes two admins pressing the button together add up instead of both passing the check.
    """
    payment = session.get(Payment, payment_id, with_for_update=True)
    if payment is None:
        raise NotFound("no such payment")
    if payment.status != "paid":
        raise NotAllowedNow(f"a payment that is {payment.status} has nothing to refund")
    left = refundable_minor(session, payment)
    amount = left if amount_minor is None else amount_minor
    if amount > left or amount <= 0:
        raise RefundTooLarge(f"{left} minor units are left to refund")
    if amount % MINOR_PER_UNIT:
        raise RefundTooLarge("ECPay refunds whole dollars only")
    refund = Refund(payment_id=payment.id, amount_minor=amount, reason=reason)
    session.add(refund)
    session.flush()
    return refund


def execute(database: Database, ecpay: EcpayClient, refund_id: uuid.UUID) -> tuple[str, list[Work]]:
    """Asks ECPay and records what came of it. Returns the status, and what to tell the merchant."""
    with database.transaction() as session:
        refund = session.get_one(Refund, refund_id, with_for_update=True)
        payment = refund.payment
        trade_no, provider_trade_no, gwsr = payment.merchant_trade_no, payment.provider_trade_no, payment.gwsr
        amount = refund.amount_minor
        # Before asking: should this process die after ECPay acts, the refund is not left looking never tried.
        if refund.status != "pending":
            return refund.status, []
        refund.status = "unknown"

    status, message = _ask(ecpay, trade_no, provider_trade_no, gwsr, amount)
    with database.transaction() as session:
        refund = session.get_one(Refund, refund_id, with_for_update=True)
        refund.status = status
        refund.provider_message = message[:200]
        work = outbox.publish(
            session,
            f"refund.{status}",
            {"refund_id": str(refund.id), "payment_id": str(refund.payment_id), "amount_minor": amount},
        )
    return status, work


def _ask(
    ecpay: EcpayClient, trade_no: str, provider_trade_no: str | None, gwsr: str | None, amount: int
) -> tuple[str, str]:
    try:
        charge_no = provider_trade_no or _trade_no_of_charge(ecpay, trade_no, gwsr)
    except ProviderError as error:
        return "failed", str(error)
    try:
        return "succeeded", ecpay.refund(trade_no, charge_no, amount)
    except (ProviderRefused, ProviderUnreachable) as error:
        return "failed", str(error)
    except ProviderError as error:
        return "unknown", str(error)


def _trade_no_of_charge(ecpay: EcpayClient, trade_no: str, gwsr: str | None) -> str:
    """Notifications of recurring charges carry no TradeNo, which a refund needs; the authorization's log has it."""
    for entry in ecpay.query_period(trade_no).get("ExecLog", []):
        if str(entry.get("gwsr")) == gwsr:
            return str(entry["TradeNo"])
    raise ProviderRefused("", f"ECPay does not list authorization {gwsr}")
