"""ECPay's server-to-server notifications, verified and put into one shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.ecpay import clock, mac
from app.money import from_provider
from app.settings import Settings


class NotificationInvalid(ValueError):
    """Signed correctly or not, this is not a notification that can be acted on."""


@dataclass(frozen=True)
class Notification:
    kind: Literal["return", "period"]
    merchant_trade_no: str
    amount_minor: int
    rtn_code: str
    simulated: bool
    gwsr: str | None
    provider_trade_no: str | None
    paid_at: datetime

    @property
    def succeeded(self) -> bool:
        return self.rtn_code == "1"

    @property
    def event_key(self) -> str:
        """The same for each repeat of one fact, different for each new one.

        The result and the simulation flag are part of it: a decline, or a simulated payment, must not make the real
        payment that follows it on the same order look like a repeat.
        """
        subject = self.gwsr if self.kind == "period" else self.provider_trade_no
        simulated = ":simulated" if self.simulated else ""
        return f"{self.kind}:{self.merchant_trade_no}:{subject}:{self.rtn_code}{simulated}"


def read(kind: Literal["return", "period"], fields: Mapping[str, str], settings: Settings) -> Notification:
    verify(fields, settings)
    try:
        is_period = kind == "period"
        return Notification(
            kind=kind,
            merchant_trade_no=fields["MerchantTradeNo"],
            amount_minor=from_provider(fields["Amount" if is_period else "TradeAmt"]),
            rtn_code=fields["RtnCode"],
            simulated=fields.get("SimulatePaid", "0") == "1",
            gwsr=fields["Gwsr"] if is_period else fields.get("gwsr") or None,
            provider_trade_no=None if is_period else fields["TradeNo"],
            paid_at=_paid_at(fields["ProcessDate" if is_period else "PaymentDate"]),
        )
    except (KeyError, ValueError) as error:
        raise NotificationInvalid(f"unusable field: {error}") from error


def verify(fields: Mapping[str, str], settings: Settings) -> None:
    if not mac.is_authentic(
        fields, settings.ecpay_hash_key.get_secret_value(), settings.ecpay_hash_iv.get_secret_value()
    ):
        raise NotificationInvalid("CheckMacValue does not match")
    if fields.get("MerchantID") != settings.ecpay_merchant_id:
        raise NotificationInvalid("MerchantID is not ours")


def _paid_at(text: str) -> datetime:
    # Empty on a decline.
    return clock.parse(text) if text else clock.now()
