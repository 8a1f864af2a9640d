"""Tables. Amounts are minor units; times are timezone-aware."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

Timestamp = TIMESTAMP(timezone=True)


class Plan(Base):
    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), server_default="TWD")
    period_type: Mapped[str] = mapped_column(String(1), server_default="M")
    frequency: Mapped[int] = mapped_column(server_default="1")
    exec_times: Mapped[int] = mapped_column(server_default="99")
    active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("period_type IN ('D', 'M', 'Y')", name="period_type_known"),
    )


class Customer(Base):
    __tablename__ = "customers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(100), server_default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (Index("uq_customers_email_lower", func.lower(email), unique=True),)


class Subscription(Base):
    __tablename__ = "subscriptions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    # pending -> active <-> past_due -> cancelled
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    # The order that carries the periodic authorization now in force.
    merchant_trade_no: Mapped[str] = mapped_column(String(20), unique=True)
    current_period_start: Mapped[datetime | None] = mapped_column(Timestamp)
    current_period_end: Mapped[datetime | None] = mapped_column(Timestamp)
    cancelled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    customer: Mapped[Customer] = relationship()
    plan: Mapped[Plan] = relationship()

    __table_args__ = (CheckConstraint("status IN ('pending', 'active', 'past_due', 'cancelled')", name="status_known"),)


class Payment(Base):
    __tablename__ = "payments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    subscription_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(String(10))  # first, period or upgrade
    status: Mapped[str] = mapped_column(String(20), server_default="pending")  # pending, paid or failed
    merchant_trade_no: Mapped[str] = mapped_column(String(20), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    # What the upgrade promised to give back for the unused period, fixed when it was quoted.
    credit_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    provider_trade_no: Mapped[str | None] = mapped_column(String(20))
    gwsr: Mapped[str | None] = mapped_column(String(20))
    failure_code: Mapped[str | None] = mapped_column(String(20))
    paid_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    subscription: Mapped[Subscription] = relationship()
    plan: Mapped[Plan] = relationship()

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("kind IN ('first', 'period', 'upgrade')", name="kind_known"),
        CheckConstraint("status IN ('pending', 'paid', 'failed')", name="status_known"),
        # Charges of one authorization share its order number and differ by ECPay's authorization id.
        UniqueConstraint("merchant_trade_no", "gwsr"),
        Index("uq_payments_order", "merchant_trade_no", unique=True, postgresql_where=text("kind <> 'period'")),
    )


class CallbackEvent(Base):
    """Each notification ECPay made us act on. Its unique key is what makes a repeat harmless."""

    __tablename__ = "callback_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class ReceiptCounter(Base):
    """The last number given out per year. A sequence would be faster, and would leave gaps on rollback."""

    __tablename__ = "receipt_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(server_default="0")


class Receipt(Base):
    __tablename__ = "receipts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), unique=True)
    year: Mapped[int]
    number: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    issued_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    payment: Mapped[Payment] = relationship()

    __table_args__ = (UniqueConstraint("year", "number"),)

    @property
    def label(self) -> str:
        return f"{self.year}-{self.number:06d}"


class Refund(Base):
    __tablename__ = "refunds"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    # unknown: ECPay did not answer, so the money may have moved. Never retried by a machine.
    status: Mapped[str] = mapped_column(String(10), server_default="pending")
    provider_message: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    payment: Mapped[Payment] = relationship()

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("status IN ('pending', 'succeeded', 'failed', 'unknown')", name="status_known"),
    )


class ProviderTask(Base):
    """Work owed to ECPay after a commit: written with the change that causes it, done by the worker."""

    __tablename__ = "provider_tasks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(20))  # cancel_period or refund
    merchant_trade_no: Mapped[str | None] = mapped_column(String(20))
    refund_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("refunds.id"))
    status: Mapped[str] = mapped_column(String(10), server_default="pending")  # pending, done or dead
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    last_error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index("ix_provider_tasks_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),)


class WebhookEndpoint(Base):
    __tablename__ = "webhook_endpoints"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class WebhookEvent(Base):
    __tablename__ = "webhook_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    type: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class WebhookDelivery(Base):
    __tablename__ = "webhook_deliveries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_events.id"))
    endpoint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_endpoints.id"))
    status: Mapped[str] = mapped_column(String(10), server_default="pending")  # pending, delivered or dead
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    event: Mapped[WebhookEvent] = relationship()
    endpoint: Mapped[WebhookEndpoint] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        CheckConstraint("status IN ('pending', 'delivered', 'dead')", name="status_known"),
        Index("ix_webhook_deliveries_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),
    )


class WebhookAttempt(Base):
    __tablename__ = "webhook_attempts"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    delivery_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_deliveries.id"))
    number: Mapped[int]
    status_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(200))
    duration_ms: Mapped[int]
    attempted_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("delivery_id", "number"),)
