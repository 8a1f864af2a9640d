"""Ending a subscription: ECPay charges no more, and the time already paid for remains."""

import uuid

from app.billing.errors import NotAllowedNow, NotFound
from app.database import Database
from app.ecpay import clock
from app.ecpay.client import EcpayClient
from app.models import Subscription
from app.webhooks import outbox
from app.webhooks.outbox import Work


def cancel(database: Database, ecpay: EcpayClient, subscription_id: uuid.UUID) -> list[Work]:
    """ECPay first, ours second: told `cancelled`, a customer must never be charged again.

    The row stays locked across the call, so that an upgrade paid meanwhile waits and is then seen.
    """
    with database.transaction() as session:
        subscription = session.get(Subscription, subscription_id, with_for_update=True)
        if subscription is None:
            raise NotFound("no such subscription")
        if subscription.status == "cancelled":
            return []
        if subscription.status == "pending":
            raise NotAllowedNow("nothing has been paid yet, so there is nothing to cancel")
        ecpay.cancel_period(subscription.merchant_trade_no)
        subscription.status = "cancelled"
        subscription.cancelled_at = clock.now()
        end = subscription.current_period_end
        return outbox.publish(
            session,
            "subscription.cancelled",
            {"subscription_id": str(subscription.id), "access_until": end.isoformat() if end else None},
        )
