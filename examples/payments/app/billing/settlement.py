"""Turning ECPay's notifications into payments, receipts and running subscriptions, each exactly once."""

import logging
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.billing import receipts, upgrades
from app.billing.checkout import find_order
from app.billing.errors import NotFound
from app.ecpay.notifications import Notification
from app.models import CallbackEvent, Payment, Subscription
from app.money import PROVIDER_CURRENCY
from app.periods import add_periods
from app.webhooks import outbox
from app.webhooks.outbox import Work

log = logging.getLogger(__name__)

Outcome = Literal["paid", "failed", "duplicate", "simulated", "stale", "mismatch", "unknown_order"]


@dataclass
class Settlement:
    outcome: Outcome
    work: list[Work] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether ECPay should be told `1|OK`; told anything else it sends the notification again."""
        return self.outcome not in ("mismatch", "unknown_order")


def settle(session: Session, notice: Notification, payload: dict[str, Any], accept_simulated: bool) -> Settlement:
    try:
        order = find_order(session, notice.merchant_trade_no, lock=True)
    except NotFound:
        return Settlement("unknown_order")

    # Before the event is recorded: a forged or garbled amount must leave the way free for the right one.
    if order.amount_minor != notice.amount_minor or order.currency != PROVIDER_CURRENCY:
        log.error(
            "callback amount differs from the order",
            extra={"order": order.merchant_trade_no, "expected": order.amount_minor, "got": notice.amount_minor},
        )
        return Settlement("mismatch")

    event_id = session.scalar(
        insert(CallbackEvent)
        .values(event_key=notice.event_key, kind=notice.kind, payload=payload, outcome="received")
        .on_conflict_do_nothing(index_elements=["event_key"])
        .returning(CallbackEvent.id)
    )
    if event_id is None:
        return Settlement("duplicate")

    settlement = _apply(session, order, notice, accept_simulated)
    event = session.get_one(CallbackEvent, event_id)
    event.outcome = settlement.outcome
    return settlement


def _apply(session: Session, order: Payment, notice: Notification, accept_simulated: bool) -> Settlement:
    if notice.simulated and not accept_simulated:
        return Settlement("simulated")
    payment = order if notice.kind == "return" else _charge(session, order, notice)
    if payment.status == "paid":
        # A decline that arrives late, or the query and the notification telling of one payment.
        return Settlement("stale")
    return _paid(session, payment, notice) if notice.succeeded else _failed(session, payment, notice)


def _charge(session: Session, order: Payment, notice: Notification) -> Payment:
    charge = session.scalar(
        select(Payment).where(
            Payment.merchant_trade_no == order.merchant_trade_no,
            Payment.gwsr == notice.gwsr,
            Payment.kind == "period",
        )
    )
    if charge is None:
        charge = Payment(
            subscription_id=order.subscription_id,
            plan_id=order.plan_id,
            kind="period",
            status="pending",
            merchant_trade_no=order.merchant_trade_no,
            amount_minor=notice.amount_minor,
            currency=order.currency,
            gwsr=notice.gwsr,
        )
        session.add(charge)
    return charge


def _paid(session: Session, payment: Payment, notice: Notification) -> Settlement:
    payment.status = "paid"
    payment.failure_code = None
    payment.paid_at = notice.paid_at
    payment.provider_trade_no = notice.provider_trade_no
    payment.gwsr = notice.gwsr
    session.flush()
    receipt = receipts.issue(session, payment)

    subscription = _locked_subscription(session, payment)
    work: list[Work] = []
    if payment.kind == "upgrade":
        work += upgrades.complete(session, subscription, payment)
    # A charge of an authorization that an upgrade has replaced is money taken, yet it extends nothing.
    if payment.merchant_trade_no == subscription.merchant_trade_no:
        _extend(session, subscription)
    work += outbox.publish(
        session,
        "payment.succeeded",
        {
            "payment_id": str(payment.id),
            "subscription_id": str(subscription.id),
            "kind": payment.kind,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "receipt": receipt.label,
        },
    )
    return Settlement("paid", work)


def _failed(session: Session, payment: Payment, notice: Notification) -> Settlement:
    payment.status = "failed"
    payment.failure_code = notice.rtn_code
    session.flush()
    subscription = _locked_subscription(session, payment)
    if (
        payment.kind == "period"
        and subscription.status == "active"
        and payment.merchant_trade_no == subscription.merchant_trade_no
    ):
        subscription.status = "past_due"
    work = outbox.publish(
        session,
        "payment.failed",
        {
            "payment_id": str(payment.id),
            "subscription_id": str(subscription.id),
            "kind": payment.kind,
            "code": notice.rtn_code,
        },
    )
    return Settlement("failed", work)


def _extend(session: Session, subscription: Subscription) -> None:
    """Counts paid charges from the first instead of adding to the last end: the order they arrive in cannot matter."""
    count, anchor = session.execute(
        select(func.count(), func.min(Payment.paid_at)).where(
            Payment.merchant_trade_no == subscription.merchant_trade_no, Payment.status == "paid"
        )
    ).one()
    plan = subscription.plan
    subscription.current_period_start = add_periods(anchor, plan.period_type, plan.frequency, count - 1)
    subscription.current_period_end = add_periods(anchor, plan.period_type, plan.frequency, count)
    if subscription.status != "cancelled":
        subscription.status = "active"


def _locked_subscription(session: Session, payment: Payment) -> Subscription:
    return session.get_one(Subscription, payment.subscription_id, with_for_update=True, populate_existing=True)
