"""Receipts, numbered per year in Taiwan without gaps."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.ecpay.clock import TAIPEI
from app.models import Payment, Receipt, ReceiptCounter


def issue(session: Session, payment: Payment) -> Receipt:
    """Takes the next number inside the caller's transaction.

    The counter's row stays locked until that commits, so numbers are given out one at a time, and a rollback gives
    its number back.
    """
    if payment.paid_at is None:
        raise ValueError("a receipt is for a payment that was made")
    year = payment.paid_at.astimezone(TAIPEI).year
    number = session.scalars(
        insert(ReceiptCounter)
        .values(year=year, last_number=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last_number": ReceiptCounter.last_number + 1})
        .returning(ReceiptCounter.last_number)
    ).one()
    receipt = Receipt(
        payment_id=payment.id,
        year=year,
        number=number,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )
    session.add(receipt)
    session.flush()
    return receipt
