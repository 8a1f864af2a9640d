"""The form that sends a customer to ECPay's own payment page."""

import re
import secrets
import string

from app.ecpay import clock, mac
from app.models import Payment
from app.money import to_provider
from app.settings import Settings

_TRADE_NO_ALPHABET = string.ascii_uppercase + string.digits
# ECPay splits ItemName at `#` and its firewall answers 403 to markup and to shell-like words in it.
_UNSAFE_IN_NAMES = re.compile(r"[^\w \-.,()]")


def new_trade_no() -> str:
    """20 characters is ECPay's limit; random, because the number is in the address of the checkout page."""
    return "T" + "".join(secrets.choice(_TRADE_NO_ALPHABET) for _ in range(19))


def safe_name(name: str) -> str:
    return _UNSAFE_IN_NAMES.sub("", name).strip()[:200] or "Subscription"


def order_form(settings: Settings, payment: Payment) -> dict[str, str]:
    plan = payment.plan
    amount = str(to_provider(payment.amount_minor))
    fields = {
        "MerchantID": settings.ecpay_merchant_id,
        "MerchantTradeNo": payment.merchant_trade_no,
        "MerchantTradeDate": clock.write(payment.created_at),
        "PaymentType": "aio",
        "TotalAmount": amount,
        "TradeDesc": "Subscription",
        "ItemName": safe_name(plan.name),
        "ReturnURL": settings.public_url("/ecpay/return"),
        "OrderResultURL": settings.public_url("/ecpay/result"),
        "ClientBackURL": settings.public_url(f"/pay/{payment.merchant_trade_no}"),
        "ChoosePayment": "Credit",
        "NeedExtraPaidInfo": "Y",
        "EncryptType": "1",
        "PeriodAmount": amount,
        "PeriodType": plan.period_type,
        "Frequency": str(plan.frequency),
        "ExecTimes": str(plan.exec_times),
        "PeriodReturnURL": settings.public_url("/ecpay/period"),
    }
    secret_key, secret_iv = settings.ecpay_hash_key.get_secret_value(), settings.ecpay_hash_iv.get_secret_value()
    return {**fields, mac.FIELD: mac.check_mac_value(fields, secret_key, secret_iv)}


def checkout_url(settings: Settings) -> str:
    return settings.ecpay_base_url.rstrip("/") + "/Cashier/AioCheckOut/V5"
