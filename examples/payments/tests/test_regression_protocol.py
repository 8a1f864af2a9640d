"""ECPay's protocol: signatures, the order form, and every way its API fails."""

import pytest

from app.ecpay import mac
from app.ecpay.orders import new_trade_no, safe_name
from tests.ecpay_sandbox.checksum import checksum
from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.shop import Form, Shop, signed

KEY, IV = "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs"
# The example of ECPay's own documentation of CheckMacValue.
DOCUMENTED = {
    "TradeDesc": "促銷方案",
    "PaymentType": "aio",
    "MerchantTradeDate": "2023/03/12 15:30:23",
    "MerchantTradeNo": "ecpay20230312153023",
    "MerchantID": "3002607",
    "ReturnURL": "https://www.ecpay.com.tw/receive.php",
    "ItemName": "Apple iphone 15",
    "TotalAmount": "30000",
    "ChoosePayment": "ALL",
    "EncryptType": "1",
}
DOCUMENTED_MAC = "6C51C9E6888DE861FD62FB1DD17029FC742634498FD813DC43D4243B5685B840"


def test_the_documented_example_has_the_documented_checksum() -> None:
    assert mac.check_mac_value(DOCUMENTED, KEY, IV) == DOCUMENTED_MAC


def test_the_sandbox_agrees_with_the_documentation_on_its_own() -> None:
    assert checksum(DOCUMENTED, KEY, IV) == DOCUMENTED_MAC


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("-_.!*()", "-_.!*()"),
        ("~", "%7e"),
        ("'", "%27"),
        (" ", "+"),
        ("+", "%2b"),
        ("/:", "%2f%3a"),
        ("ABC", "abc"),
        ("方", "%e6%96%b9"),
        ("&=%#", "%26%3d%25%23"),
        ("@$,;?", "%40%24%2c%3b%3f"),
    ],
)
def test_text_is_encoded_as_dotnet_encodes_it(text: str, encoded: str) -> None:
    assert mac.dotnet_url_encode(text) == encoded


def test_service_and_sandbox_sign_every_printable_character_alike() -> None:
    for code in (*range(32, 127), 0xE9, 0x4E2D, 0x1F600):
        fields = {"ItemName": f"x{chr(code)}y"}
        assert mac.check_mac_value(fields, KEY, IV) == checksum(fields, KEY, IV), chr(code)


def test_lower_case_fields_sort_among_the_others() -> None:
    # A plain sort puts every lower-case name last, and each notification with `gwsr` in it would be refused.
    fields = {"TradeNo": "1", "gwsr": "2", "amount": "3", "CustomField1": ""}
    assert mac.check_mac_value(fields, KEY, IV) == checksum(fields, KEY, IV)


def test_the_signature_itself_is_not_signed() -> None:
    assert mac.check_mac_value({**DOCUMENTED, "CheckMacValue": "X"}, KEY, IV) == DOCUMENTED_MAC


@pytest.mark.parametrize("change", [{"TotalAmount": "1"}, {"Extra": ""}, {"CheckMacValue": ""}, {"CheckMacValue": "é"}])
def test_a_changed_message_is_not_authentic(change: dict[str, str]) -> None:
    genuine = {**DOCUMENTED, "CheckMacValue": DOCUMENTED_MAC}
    assert mac.is_authentic(genuine, KEY, IV)
    assert not mac.is_authentic({**genuine, **change}, KEY, IV)


def test_order_numbers_are_twenty_letters_and_digits_and_never_repeat() -> None:
    numbers = {new_trade_no() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert all(len(each) == 20 and each.isalnum() and each.isascii() for each in numbers)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Team #1", "Team 1"),
        ("<b>Pro</b>", "bProb"),
        ("團隊方案", "團隊方案"),
        ("###", "Subscription"),
        ("a" * 300, "a" * 200),
    ],
)
def test_names_the_provider_would_choke_on_are_cleaned(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_provider_accepts_the_order_form(shop: Shop) -> None:
    card_form = shop.go_to_provider(shop.order().trade_no)
    assert card_form.action == "/Cashier/Pay"


def test_an_order_form_changed_by_the_customer_is_refused_by_the_provider(shop: Shop) -> None:
    form = shop.payment_form(shop.order("business").trade_no)
    changed = shop.web.post(form.action, data={**form.fields, "TotalAmount": "1", "PeriodAmount": "1"})
    assert "CheckMacValue Error" in changed.text


def test_a_plan_named_with_markup_reaches_neither_page_nor_provider_as_markup(shop: Shop, db: TestDatabase) -> None:
    db.add_plan("odd", 10_000, name="<script>alert(1)</script>")
    order = shop.order("odd")
    page = shop.http.get(f"/pay/{order.trade_no}").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert Form(page).fields["ItemName"] == "scriptalert(1)script"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("http500", "HTTP 500"),
        ("html", "answered with a page instead of form fields"),
        ("wrong_mac", "CheckMacValue does not match"),
    ],
)
def test_an_answer_that_cannot_be_trusted_settles_nothing_and_is_named(
    shop: Shop, sandbox: Sandbox, fault: str, reason: str
) -> None:
    order = shop.order()
    sandbox.faults(silent=True)
    shop.pay(order.trade_no)
    sandbox.faults(api=fault)
    answer = shop.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "provider_error")
    assert reason in answer.json()["error"]["message"]
    assert shop.status(order.trade_no) == "pending"


def test_a_provider_that_does_not_answer_is_given_up_on(shop: Shop, start_shop, sandbox: Sandbox) -> None:
    order = shop.order()
    shop.go_to_provider(order.trade_no)
    sandbox.faults(api="timeout")
    impatient = start_shop(ecpay_timeout_seconds=0.2)
    answer = impatient.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")
    assert answer.status_code == 502 and "no answer in time" in answer.json()["error"]["message"]


@pytest.mark.parametrize("fault", ["http500", "html"])
def test_a_refund_without_a_usable_answer_is_unknown_and_cannot_be_repeated(
    shop: Shop, sandbox: Sandbox, fault: str
) -> None:
    shop.subscribe()
    payment = shop.payments()[0]["id"]
    sandbox.faults(api=fault, times=1)
    assert shop.refund(payment).json()["status"] == "unknown"
    assert shop.refund(payment).status_code == 422
    assert len(sandbox.calls("/CreditDetail/DoAction")) == 1


def test_a_refund_the_provider_refuses_can_be_tried_again(shop: Shop, sandbox: Sandbox) -> None:
    shop.subscribe()
    payment = shop.payments()[0]["id"]
    sandbox.faults(api="refuse", times=1)
    refused = shop.refund(payment).json()
    assert (refused["status"], refused["message"]) == ("failed", "10200001 refused")
    assert shop.refund(payment).json()["status"] == "succeeded"


def test_a_connection_the_provider_has_closed_meanwhile_is_not_mistaken_for_a_lost_answer(
    shop: Shop, sandbox: Sandbox
) -> None:
    shop.subscribe()
    payment = shop.payments()[0]["id"]
    for _ in range(3):
        assert shop.refund(payment, 10_000).json()["status"] == "succeeded"
    assert len(set(sandbox.client_ports("/CreditDetail/DoAction"))) == 3


def test_a_refund_that_never_reached_the_provider_can_be_tried_again(shop: Shop, start_shop) -> None:
    shop.subscribe()
    payment = shop.payments()[0]["id"]
    cut_off = start_shop(ecpay_base_url="http://127.0.0.1:1")
    assert cut_off.refund(payment).json()["status"] == "failed"
    assert shop.refund(payment).json()["status"] == "succeeded"


def test_a_recurring_charge_the_provider_does_not_list_is_not_refunded(
    shop: Shop, db: TestDatabase, sandbox: Sandbox
) -> None:
    order = shop.subscribe()
    sandbox.charge(order.trade_no)
    db.run("UPDATE payments SET gwsr = '1' WHERE kind = 'period'")
    recurring = next(each for each in shop.payments() if each["kind"] == "period")
    assert shop.refund(recurring["id"]).json()["status"] == "failed"
    assert sandbox.calls("/CreditDetail/DoAction") == []


@pytest.mark.parametrize("fault", ["http500", "html"])
def test_an_authorization_that_cannot_be_read_is_an_error_not_a_state(shop: Shop, sandbox: Sandbox, fault: str) -> None:
    order = shop.subscribe()
    sandbox.faults(api=fault)
    assert shop.admin("GET", f"/admin/orders/{order.trade_no}/authorization").status_code == 502


def test_an_order_the_provider_never_saw_has_no_authorization(shop: Shop) -> None:
    assert shop.admin("GET", f"/admin/orders/{shop.order().trade_no}/authorization").status_code == 502


def test_a_browser_sent_back_with_a_forged_form_is_turned_away(shop: Shop) -> None:
    order = shop.order()
    forged = {**signed({"MerchantID": "3002607", "MerchantTradeNo": order.trade_no}), "RtnCode": "1"}
    assert shop.http.post("/ecpay/result", data=forged).status_code == 400


def test_a_browser_that_comes_back_settles_nothing_by_itself(shop: Shop) -> None:
    order = shop.order()
    back = signed({"MerchantID": "3002607", "MerchantTradeNo": order.trade_no, "RtnCode": "1"})
    page = shop.http.post("/ecpay/result", data=back, follow_redirects=True)
    assert "Waiting for confirmation" in page.text
    assert shop.status(order.trade_no) == "pending"
