"""Moving a running subscription to a dearer plan."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.billing.checkout import sellable_plan
from app.billing.errors import NotAllowedNow
from app.billing.refunds import refundable_minor
from app.ecpay.orders import new_trade_no
from app.models import Payment, Plan, ProviderTask, Refund, Subscription
from app.proration import UpgradeQuote, unused_credit
from app.webhooks import outbox
from app.webhooks.outbox import Work


def quote(session: Session, subscription: Subscription, plan_code: str, now: datetime) -> tuple[Plan, UpgradeQuote]:
    plan = sellable_plan(session, plan_code)
    if subscription.status != "active":
        raise NotAllowedNow(f"a subscription that is {subscription.status} cannot be upgraded")
    if plan.amount_minor <= subscription.plan.amount_minor:
        raise NotAllowedNow("only a dearer plan is an upgrade")
    last = last_charge(session, subscription.merchant_trade_no)
    start, end = subscription.current_period_start, subscription.current_period_end
    if last is None or start is None or end is None:
        raise NotAllowedNow("nothing has been paid yet")
    credit = min(unused_credit(last.amount_minor, start, end, now), refundable_minor(session, last))
    return plan, UpgradeQuote(charge_minor=plan.amount_minor, credit_minor=credit)


def start(session: Session, subscription: Subscription, plan_code: str, now: datetime) -> Payment:
    """An order for the new plan. Nothing changes until it is paid."""
    plan, upgrade = quote(session, subscription, plan_code, now)
    payment = Payment(
        subscription_id=subscription.id,
        plan_id=plan.id,
        kind="upgrade",
        merchant_trade_no=new_trade_no(),
        amount_minor=upgrade.charge_minor,
        currency=plan.currency,
        credit_minor=upgrade.credit_minor,
    )
    session.add(payment)
    session.flush()
    return payment


def complete(session: Session, subscription: Subscription, payment: Payment) -> list[Work]:
    """The upgrade is paid: switch plans, and owe ECPay the end of the old authorization and the refund."""
    old_trade_no = subscription.merchant_trade_no
    old_charge = last_charge(session, old_trade_no)
    tasks = [ProviderTask(kind="cancel_period", merchant_trade_no=old_trade_no)]
    # Looked at again, because an admin may have refunded the charge while the customer was typing a card number.
    credit = min(payment.credit_minor, refundable_minor(session, old_charge)) if old_charge else 0
    if old_charge and credit:
        refund = Refund(payment_id=old_charge.id, amount_minor=credit, reason="unused time before an upgrade")
        session.add(refund)
        session.flush()
        tasks.append(ProviderTask(kind="refund", refund_id=refund.id))
    session.add_all(tasks)

    subscription.plan_id = payment.plan_id
    subscription.merchant_trade_no = payment.merchant_trade_no
    subscription.cancelled_at = None
    subscription.status = "active"
    session.flush()
    session.refresh(subscription, ["plan"])
    work = outbox.publish(
        session,
        "subscription.upgraded",
        {"subscription_id": str(subscription.id), "plan": subscription.plan.code, "credit_minor": credit},
    )
    return work + [Work("run_provider_task", str(task.id)) for task in tasks]


def last_charge(session: Session, trade_no: str) -> Payment | None:
    return session.scalar(
        select(Payment)
        .where(Payment.merchant_trade_no == trade_no, Payment.status == "paid")
        .order_by(Payment.paid_at.desc(), Payment.created_at.desc())
        .limit(1)
    )
