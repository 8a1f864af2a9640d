"""Asking ECPay about an order whose notification has not come."""

from app.billing.checkout import find_order
from app.billing.settlement import Settlement, settle
from app.database import Database
from app.ecpay import clock
from app.ecpay.client import EcpayClient
from app.ecpay.notifications import Notification


def reconcile(database: Database, ecpay: EcpayClient, trade_no: str) -> Settlement | None:
    """Settles as the notification would have; None when there is nothing to settle yet.

    It goes through the same door with the same event key, so that the notification, should it come after all, is a
    repeat.
    """
    with database.transaction() as session:
        if find_order(session, trade_no).status == "paid":
            return None
    trade = ecpay.query_trade(trade_no)
    if not trade.paid:
        return None
    paid_at = trade.fields.get("PaymentDate", "")
    notice = Notification(
        kind="return",
        merchant_trade_no=trade_no,
        amount_minor=trade.amount_minor,
        rtn_code="1",
        simulated=False,
        gwsr=None,
        provider_trade_no=trade.fields["TradeNo"],
        paid_at=clock.parse(paid_at) if paid_at else clock.now(),
    )
    with database.transaction() as session:
        return settle(session, notice, trade.fields, accept_simulated=False)
