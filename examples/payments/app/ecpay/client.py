"""Calls to ECPay. Each sends signed form fields and gets form fields or JSON back."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx

from app.ecpay import mac
from app.ecpay.errors import ProviderRefused, ProviderUnavailable, ProviderUnreachable, ProviderUntrusted
from app.money import from_provider, to_provider
from app.settings import Settings


@dataclass(frozen=True)
class TradeInfo:
    """Fields of QueryTradeInfo in the shape of the notification they stand in for."""

    paid: bool
    amount_minor: int
    fields: dict[str, str]


class EcpayClient:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx.Client(
            base_url=settings.ecpay_base_url.rstrip("/"),
            timeout=settings.ecpay_timeout_seconds,
            # A kept connection that ECPay has closed meanwhile looks like a lost answer, and a refund whose answer
            # was lost cannot be tried again. Calls are rare, so a new connection each time costs nothing.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def close(self) -> None:
        self._http.close()

    def query_trade(self, merchant_trade_no: str) -> TradeInfo:
        answer = self._post_form("/Cashier/QueryTradeInfo/V5", self._timed(MerchantTradeNo=merchant_trade_no))
        # The only answer ECPay signs.
        if not mac.is_authentic(answer, *self._keys()):
            raise ProviderUntrusted("QueryTradeInfo: CheckMacValue does not match")
        if answer.get("MerchantTradeNo") != merchant_trade_no:
            raise ProviderUntrusted("QueryTradeInfo answered for another order")
        try:
            amount = from_provider(answer["TradeAmt"])
        except (KeyError, ValueError) as error:
            raise ProviderUnavailable(f"QueryTradeInfo: unusable answer ({error})") from error
        return TradeInfo(paid=answer.get("TradeStatus") == "1", amount_minor=amount, fields=answer)

    def query_period(self, merchant_trade_no: str) -> dict[str, Any]:
        response = self._post("/Cashier/QueryCreditCardPeriodInfo", self._timed(MerchantTradeNo=merchant_trade_no))
        try:
            answer = response.json()
        except ValueError as error:
            raise ProviderUnavailable("QueryCreditCardPeriodInfo did not answer with JSON") from error
        if not isinstance(answer, dict) or str(answer.get("MerchantTradeNo")) != merchant_trade_no:
            raise ProviderRefused("", "QueryCreditCardPeriodInfo does not know the order")
        return answer

    def cancel_period(self, merchant_trade_no: str) -> None:
        self._act("/Cashier/CreditCardPeriodAction", self._timed(MerchantTradeNo=merchant_trade_no, Action="Cancel"))

    def refund(self, merchant_trade_no: str, provider_trade_no: str, amount_minor: int) -> str:
        """Gives money back on a captured charge; returns ECPay's message."""
        return self._act(
            "/CreditDetail/DoAction",
            {
                "MerchantID": self._settings.ecpay_merchant_id,
                "MerchantTradeNo": merchant_trade_no,
                "TradeNo": provider_trade_no,
                "Action": "R",
                "TotalAmount": str(to_provider(amount_minor)),
            },
        )

    def _act(self, path: str, fields: dict[str, str]) -> str:
        answer = self._post_form(path, fields)
        if "RtnCode" not in answer:
            raise ProviderUnavailable(f"{path}: no RtnCode in the answer")
        if answer["RtnCode"] != "1":
            raise ProviderRefused(answer["RtnCode"], answer.get("RtnMsg", ""))
        return answer.get("RtnMsg", "")

    def _timed(self, **fields: str) -> dict[str, str]:
        # ECPay refuses a TimeStamp more than three minutes off, so it is taken per call.
        return {"MerchantID": self._settings.ecpay_merchant_id, "TimeStamp": str(int(time.time())), **fields}

    def _post_form(self, path: str, fields: dict[str, str]) -> dict[str, str]:
        response = self._post(path, fields)
        # An error page comes with status 200 and HTML; parsed as a form it would look like an empty answer.
        if response.text.lstrip().startswith("<"):
            raise ProviderUnavailable(f"{path} answered with a page instead of form fields")
        return dict(parse_qsl(response.text, keep_blank_values=True))

    def _post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        signed = {**fields, mac.FIELD: mac.check_mac_value(fields, *self._keys())}
        try:
            response = self._http.post(path, data=signed)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ProviderUnreachable(f"{path}: no connection") from error
        except httpx.TimeoutException as error:
            raise ProviderUnavailable(f"{path}: no answer in time") from error
        except httpx.TransportError as error:
            raise ProviderUnavailable(f"{path}: {type(error).__name__}") from error
        if response.status_code != 200:
            raise ProviderUnavailable(f"{path}: HTTP {response.status_code}")
        return response

    def _keys(self) -> tuple[str, str]:
        return (
            self._settings.ecpay_hash_key.get_secret_value(),
            self._settings.ecpay_hash_iv.get_secret_value(),
        )
