"""A customer of the service, without a browser."""

import itertools
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.ecpay_sandbox.checksum import checksum
from tests.support.sandbox import Sandbox

GOOD_CARD = "4311952222222222"
DECLINED_CARD = "4311952222220002"
ADMIN = {"Authorization": "Bearer test-admin-token-0123456789"}
NO_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=0)
_serial = itertools.count(1)


class Form(HTMLParser):
    """The one form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        elif tag == "input" and "name" in values:
            self.fields[values["name"]] = values.get("value", "")


@dataclass(frozen=True)
class Order:
    trade_no: str
    subscription_id: str
    token: str
    checkout_url: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Shop:
    def __init__(self, url: str, sandbox: Sandbox) -> None:
        self.url = url
        self.sandbox = sandbox
        # Nothing here is TLS, and reading the certificates takes longer than most of the requests.
        # No connection is kept either: the server closes one after an error, perhaps while the next request is sent.
        self.http = httpx.Client(base_url=url, timeout=60, verify=False, limits=NO_KEEP_ALIVE)
        # Without a cookie or an address of the service: the customer at the provider's.
        self.web = httpx.Client(timeout=60, verify=False, limits=NO_KEEP_ALIVE)

    def close(self) -> None:
        self.http.close()
        self.web.close()

    def post_checkout(self, plan: str = "team", email: str = "", key: str = "") -> httpx.Response:
        return self.http.post(
            "/checkout",
            json={"plan": plan, "email": email or f"customer{next(_serial)}@example.com"},
            headers={"Idempotency-Key": key or uuid.uuid4().hex},
        )

    def order(self, plan: str = "team", email: str = "") -> Order:
        response = self.post_checkout(plan, email)
        assert response.status_code == 201, response.text
        body = response.json()
        return Order(body["merchant_trade_no"], body["subscription_id"], body["manage_token"], body["checkout_url"])

    def payment_form(self, trade_no: str) -> Form:
        return Form(self.http.get(f"/pay/{trade_no}").raise_for_status().text)

    def go_to_provider(self, trade_no: str) -> Form:
        form = self.payment_form(trade_no)
        return Form(self.web.post(form.action, data=form.fields).raise_for_status().text)

    def pay(self, trade_no: str, card: str = GOOD_CARD) -> httpx.Response:
        """Through the provider's page and back, to the page the customer ends on."""
        card_form = self.go_to_provider(trade_no)
        assert card_form.action == "/Cashier/Pay", "the provider refused the order"
        back = Form(self.enter_card(card_form, card).text)
        return self.http.post(back.action, data=back.fields, follow_redirects=True)

    def enter_card(self, card_form: Form, card: str = GOOD_CARD) -> httpx.Response:
        fields = {**card_form.fields, "CardNo": card}
        return self.web.post(self.sandbox.url + card_form.action, data=fields).raise_for_status()

    def subscribe(self, plan: str = "team", email: str = "") -> Order:
        order = self.order(plan, email)
        self.pay(order.trade_no)
        assert self.status(order.trade_no) == "paid"
        return order

    def status(self, trade_no: str) -> str:
        return self.http.get(f"/orders/{trade_no}").raise_for_status().json()["status"]

    def subscription(self, order: Order) -> dict[str, Any]:
        path = f"/subscriptions/{order.subscription_id}"
        return self.http.get(path, headers=order.headers).raise_for_status().json()

    def receipts(self, order: Order) -> list[dict[str, Any]]:
        path = f"/subscriptions/{order.subscription_id}/receipts"
        return self.http.get(path, headers=order.headers).raise_for_status().json()

    def cancel(self, order: Order) -> httpx.Response:
        return self.http.post(f"/subscriptions/{order.subscription_id}/cancel", headers=order.headers)

    def upgrade(self, order: Order, plan: str) -> httpx.Response:
        path = f"/subscriptions/{order.subscription_id}/upgrade"
        return self.http.post(path, json={"plan": plan}, headers=order.headers)

    def payments(self, status: str = "paid") -> list[dict[str, Any]]:
        return self.admin("GET", f"/admin/payments?status={status}").raise_for_status().json()

    def refund(self, payment_id: str, amount_minor: int | None = None) -> httpx.Response:
        body: dict[str, Any] = {"payment_id": payment_id, "reason": "asked for"}
        return self.admin(
            "POST", "/admin/refunds", json=body | ({"amount_minor": amount_minor} if amount_minor else {})
        )

    def admin(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self.http.request(method, path, headers=ADMIN, **arguments)

    def metric(self, sample: str) -> float:
        for line in self.http.get("/metrics").text.splitlines():
            if line.startswith(sample + " "):
                return float(line.rsplit(" ", 1)[1])
        return 0.0


def signed(fields: dict[str, str]) -> dict[str, str]:
    return {**fields, "CheckMacValue": checksum(fields, "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs")}


def return_callback(trade_no: str, amount: int = 899, **changes: str) -> dict[str, str]:
    """The notification of a first payment, as ECPay signs it."""
    fields = {
        "MerchantID": "3002607",
        "MerchantTradeNo": trade_no,
        "StoreID": "",
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "TradeNo": "2401010000000001",
        "TradeAmt": str(amount),
        "PaymentDate": "2024/05/06 07:08:09",
        "PaymentType": "Credit_CreditCard",
        "PaymentTypeChargeFee": "20",
        "TradeDate": "2024/05/06 07:00:00",
        "SimulatePaid": "0",
    }
    return signed({**fields, **changes})


def period_callback(trade_no: str, gwsr: str, amount: int = 899, **changes: str) -> dict[str, str]:
    fields = {
        "MerchantID": "3002607",
        "MerchantTradeNo": trade_no,
        "StoreID": "",
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "PeriodType": "M",
        "Frequency": "1",
        "ExecTimes": "99",
        "Amount": str(amount),
        "Gwsr": gwsr,
        "ProcessDate": "2024/06/06 07:08:09",
        "AuthCode": "777777",
        "FirstAuthAmount": str(amount),
        "TotalSuccessTimes": "2",
        "SimulatePaid": "0",
    }
    return signed({**fields, **changes})
