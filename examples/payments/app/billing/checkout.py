"""Starting a subscription: everything up to the moment the customer leaves for ECPay."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.billing.errors import NotFound, PlanUnavailable
from app.ecpay.orders import new_trade_no
from app.models import Customer, Payment, Plan, Subscription
from app.money import MINOR_PER_UNIT, PROVIDER_CURRENCY
from app.periods import within_provider_limits


def plans_on_sale(session: Session) -> list[Plan]:
    return list(session.scalars(select(Plan).where(Plan.active).order_by(Plan.amount_minor)))


def sellable_plan(session: Session, code: str) -> Plan:
    plan = session.scalar(select(Plan).where(Plan.code == code, Plan.active))
    if plan is None:
        raise NotFound(f"no plan {code!r} on sale")
    # Refused here rather than on ECPay's page, where the customer would meet an error nobody can explain.
    if plan.currency != PROVIDER_CURRENCY or plan.amount_minor % MINOR_PER_UNIT:
        raise PlanUnavailable(f"ECPay charges whole {PROVIDER_CURRENCY} only")
    if not within_provider_limits(plan.period_type, plan.frequency, plan.exec_times):
        raise PlanUnavailable("ECPay does not offer this billing period")
    return plan


def start(session: Session, plan_code: str, email: str, name: str) -> Payment:
    plan = sellable_plan(session, plan_code)
    trade_no = new_trade_no()
    subscription = Subscription(
        customer_id=_customer_id(session, email, name), plan_id=plan.id, merchant_trade_no=trade_no
    )
    session.add(subscription)
    session.flush()
    payment = Payment(
        subscription_id=subscription.id,
        plan_id=plan.id,
        kind="first",
        merchant_trade_no=trade_no,
        amount_minor=plan.amount_minor,
        currency=plan.currency,
    )
    session.add(payment)
    session.flush()
    return payment


def find_order(session: Session, trade_no: str, *, lock: bool = False) -> Payment:
    """The payment the order was made for (recurring charges share its number)."""
    query = select(Payment).where(Payment.merchant_trade_no == trade_no, Payment.kind != "period")
    payment = session.scalar(query.with_for_update() if lock else query)
    if payment is None:
        raise NotFound("no such order")
    return payment


def _customer_id(session: Session, email: str, name: str) -> uuid.UUID:
    created = session.scalar(
        insert(Customer)
        .values(id=uuid.uuid4(), email=email, name=name)
        .on_conflict_do_nothing(index_elements=[func.lower(Customer.email)])
        .returning(Customer.id)
    )
    if created is not None:
        return created
    return session.scalars(select(Customer.id).where(func.lower(Customer.email) == email.lower())).one()
