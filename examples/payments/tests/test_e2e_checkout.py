"""From choosing a plan to a running subscription, through the API process, the worker process and the provider."""

import uuid
from datetime import datetime, timedelta

import pytest

from tests.support.database import TestDatabase
from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.shop import DECLINED_CARD, GOOD_CARD, Shop
from tests.support.wait import eventually


def test_a_customer_who_pays_has_a_running_subscription(live_shop: Shop) -> None:
    order = live_shop.order("team")
    assert live_shop.subscription(order)["status"] == "pending"

    page = live_shop.pay(order.trade_no)

    assert page.status_code == 200 and "You are subscribed to Team" in page.text
    subscription = live_shop.subscription(order)
    assert (subscription["status"], subscription["plan"]) == ("active", "team")


def test_the_first_payment_buys_one_month(live_shop: Shop) -> None:
    subscription = live_shop.subscription(live_shop.subscribe("team"))
    start = datetime.fromisoformat(subscription["current_period_start"])
    end = datetime.fromisoformat(subscription["current_period_end"])
    assert timedelta(days=28) <= end - start <= timedelta(days=31)
    assert abs(start - datetime.now(start.tzinfo)) < timedelta(minutes=5)


def test_the_provider_is_asked_for_the_amount_the_customer_was_shown(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.order("business")
    assert "NT$2,990" in live_shop.web.get(order.checkout_url).text
    live_shop.pay(order.trade_no)
    sent = sandbox.order(order.trade_no)["fields"]
    assert (sent["TotalAmount"], sent["PeriodAmount"]) == ("2990", "2990")


def test_the_provider_is_told_to_charge_every_month(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe("team")
    sent = sandbox.order(order.trade_no)["fields"]
    assert (sent["PeriodType"], sent["Frequency"], sent["ExecTimes"]) == ("M", "1", "99")
    assert sent["PeriodReturnURL"] == live_shop.url + "/ecpay/period"


def test_the_provider_hears_that_its_notification_arrived(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    assert sandbox.order(order.trade_no)["answers"] == ["1|OK"]


def test_a_declined_card_leaves_the_subscription_pending_without_receipt(live_shop: Shop) -> None:
    order = live_shop.order()
    page = live_shop.pay(order.trade_no, DECLINED_CARD)
    assert "Nothing was charged" in page.text
    assert live_shop.status(order.trade_no) == "failed"
    assert live_shop.subscription(order)["status"] == "pending"
    assert live_shop.receipts(order) == []


def test_a_customer_can_pay_the_same_order_with_another_card_after_a_decline(live_shop: Shop) -> None:
    order = live_shop.order()
    card_form = live_shop.go_to_provider(order.trade_no)
    for card, status in ((DECLINED_CARD, "failed"), (GOOD_CARD, "paid")):
        live_shop.enter_card(card_form, card)
        assert live_shop.status(order.trade_no) == status
    assert live_shop.subscription(order)["status"] == "active"


def test_a_paid_order_has_one_receipt_over_its_amount(live_shop: Shop) -> None:
    order = live_shop.subscribe("starter")
    receipts = live_shop.receipts(order)
    assert [(each["number"][-6:], each["amount_minor"], each["currency"]) for each in receipts] == [
        ("000001", 29_900, "TWD")
    ]


def test_the_merchant_is_told_of_a_payment_by_the_worker(live_shop: Shop, receiver: Receiver) -> None:
    live_shop.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    order = live_shop.subscribe("team")
    eventually(lambda: receiver.requests, "the merchant hears of the payment")
    event = receiver.requests[0].json
    assert event["type"] == "payment.succeeded"
    assert event["data"]["subscription_id"] == order.subscription_id
    assert event["data"]["amount_minor"] == 89_900


def test_three_recurring_charges_extend_the_subscription_by_three_months(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    before = datetime.fromisoformat(live_shop.subscription(order)["current_period_end"])
    for _ in range(3):
        assert sandbox.charge(order.trade_no)["answers"][-1] == "1|OK"
    after = datetime.fromisoformat(live_shop.subscription(order)["current_period_end"])
    assert timedelta(days=89) <= after - before <= timedelta(days=92)
    assert [each["number"][-1] for each in live_shop.receipts(order)] == ["1", "2", "3", "4"]


def test_a_failed_recurring_charge_makes_the_subscription_past_due_and_the_next_one_repairs_it(
    live_shop: Shop, sandbox: Sandbox
) -> None:
    order = live_shop.subscribe()
    end = live_shop.subscription(order)["current_period_end"]
    sandbox.charge(order.trade_no, succeed=False)
    late = live_shop.subscription(order)
    assert (late["status"], late["current_period_end"]) == ("past_due", end)
    sandbox.charge(order.trade_no)
    assert live_shop.subscription(order)["status"] == "active"


def test_repeating_a_checkout_with_its_key_gives_the_same_order(live_shop: Shop, db: TestDatabase) -> None:
    first = live_shop.post_checkout("team", "same@example.com", key="key-1")
    again = live_shop.post_checkout("team", "same@example.com", key="key-1")
    assert again.json() == first.json()
    assert (first.headers.get("idempotent-replay"), again.headers.get("idempotent-replay")) == (None, "true")
    assert db.scalar("SELECT count(*) FROM payments") == 1


def test_a_key_used_for_another_order_is_refused(live_shop: Shop) -> None:
    assert live_shop.post_checkout("team", "one@example.com", key="key-2").status_code == 201
    refused = live_shop.post_checkout("business", "one@example.com", key="key-2")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "key_reused")


@pytest.mark.parametrize("email", ["", "no-at-sign", "two@@example.com", "a@nodot", "sp ace@example.com"])
def test_a_checkout_without_a_usable_address_is_refused(live_shop: Shop, db: TestDatabase, email: str) -> None:
    response = live_shop.http.post(
        "/checkout", json={"plan": "team", "email": email}, headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    assert response.status_code == 422
    assert db.scalar("SELECT count(*) FROM customers") == 0


def test_a_checkout_without_idempotency_key_is_refused(live_shop: Shop) -> None:
    response = live_shop.http.post("/checkout", json={"plan": "team", "email": "a@example.com"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "key_missing")


def test_a_plan_that_is_not_on_sale_cannot_be_bought(live_shop: Shop, db: TestDatabase) -> None:
    db.run("UPDATE plans SET active = false WHERE code = 'team'")
    assert "team" not in [plan["code"] for plan in live_shop.http.get("/plans").json()]
    assert live_shop.post_checkout("team").status_code == 404


def test_a_payment_whose_notification_never_came_is_found_by_asking_the_provider(
    live_shop: Shop, sandbox: Sandbox
) -> None:
    order = live_shop.order()
    sandbox.faults(silent=True)
    assert "Waiting for confirmation" in live_shop.pay(order.trade_no).text
    assert live_shop.status(order.trade_no) == "pending"

    answer = live_shop.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")

    assert answer.json() == {"outcome": "paid"}
    assert live_shop.subscription(order)["status"] == "active"


def test_a_notification_that_comes_after_asking_counts_once(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.order()
    sandbox.faults(silent=True)
    live_shop.pay(order.trade_no)
    live_shop.admin("POST", f"/admin/orders/{order.trade_no}/reconcile").raise_for_status()
    sandbox.faults()
    assert sandbox.notify(order.trade_no) == ["1|OK"]
    assert len(live_shop.receipts(order)) == 1


def test_asking_about_an_order_nobody_paid_changes_nothing(live_shop: Shop) -> None:
    order = live_shop.order()
    live_shop.go_to_provider(order.trade_no)
    answer = live_shop.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")
    assert answer.json() == {"outcome": "nothing_to_do"}
    assert live_shop.status(order.trade_no) == "pending"
