"""What happens to a subscription after it was bought: upgrades, cancellation, refunds."""

import pytest

from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.shop import ADMIN, Order, Shop
from tests.support.wait import eventually


def test_a_cancelled_subscription_is_charged_no_more_and_keeps_its_paid_time(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    end = live_shop.subscription(order)["current_period_end"]
    cancelled = live_shop.cancel(order).raise_for_status().json()
    assert (cancelled["status"], cancelled["current_period_end"]) == ("cancelled", end)
    assert sandbox.order(order.trade_no)["period_running"] is False


def test_cancelling_twice_asks_the_provider_once(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    assert [live_shop.cancel(order).status_code for _ in range(2)] == [200, 200]
    assert len(sandbox.calls("/Cashier/CreditCardPeriodAction")) == 1


def test_a_subscription_stays_active_when_the_provider_refuses_to_cancel(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    sandbox.faults(api="refuse")
    assert live_shop.cancel(order).status_code == 502
    assert live_shop.subscription(order)["status"] == "active"


def test_nothing_unpaid_can_be_cancelled(live_shop: Shop) -> None:
    assert live_shop.cancel(live_shop.order()).status_code == 409


def test_a_stranger_can_neither_see_nor_cancel_a_subscription(live_shop: Shop) -> None:
    mine, theirs = live_shop.subscribe(), live_shop.order()
    path = f"/subscriptions/{mine.subscription_id}"
    for headers in ({}, theirs.headers, ADMIN, {"Authorization": "Bearer x"}):
        assert live_shop.http.get(path, headers=headers).status_code == 404
        assert live_shop.http.post(path + "/cancel", headers=headers).status_code == 404
    assert live_shop.subscription(mine)["status"] == "active"


def _upgraded(shop: Shop) -> tuple[Order, str]:
    order = shop.subscribe("team")
    upgrade = shop.upgrade(order, "business")
    assert upgrade.status_code == 201, upgrade.text
    new_trade_no = upgrade.json()["merchant_trade_no"]
    shop.pay(new_trade_no)
    return order, new_trade_no


def test_an_upgrade_switches_the_plan_once_it_is_paid(live_shop: Shop) -> None:
    order = live_shop.subscribe("team")
    upgrade = live_shop.upgrade(order, "business").json()
    assert live_shop.subscription(order)["plan"] == "team"
    live_shop.pay(upgrade["merchant_trade_no"])
    subscription = live_shop.subscription(order)
    assert (subscription["plan"], subscription["status"]) == ("business", "active")


def test_an_upgrade_ends_the_old_authorization(live_shop: Shop, sandbox: Sandbox) -> None:
    order, new_trade_no = _upgraded(live_shop)
    eventually(lambda: not sandbox.order(order.trade_no)["period_running"], "the old authorization ends")
    assert sandbox.order(new_trade_no)["period_running"] is True


def test_an_upgrade_refunds_the_unused_time_on_the_old_charge(live_shop: Shop, sandbox: Sandbox) -> None:
    order, _ = _upgraded(live_shop)
    charge = eventually(
        lambda: [each for each in sandbox.order(order.trade_no)["charges"] if each["refunded"]], "the refund"
    )[0]
    # Bought a moment ago, so all of it is unused, give or take the rounding of the seconds in between.
    assert 898 <= charge["refunded"] <= 899


def test_an_upgrade_is_finished_by_the_worker_when_the_provider_was_down(live_shop: Shop, sandbox: Sandbox) -> None:
    sandbox.faults(api="http500", path="CreditCardPeriodAction", times=2)
    order, _ = _upgraded(live_shop)
    eventually(lambda: not sandbox.order(order.trade_no)["period_running"], "the old authorization ends")
    assert len(sandbox.calls("/Cashier/CreditCardPeriodAction")) == 3


def test_a_quote_shows_charge_credit_and_what_is_left(live_shop: Shop) -> None:
    order = live_shop.subscribe("team")
    quote = live_shop.http.get(
        f"/subscriptions/{order.subscription_id}/upgrade", params={"plan": "business"}, headers=order.headers
    ).json()
    assert quote["charge_minor"] == 299_000
    assert quote["credit_minor"] in (89_800, 89_900)
    assert quote["net_minor"] == quote["charge_minor"] - quote["credit_minor"]


@pytest.mark.parametrize("plan", ["starter", "team"])
def test_a_cheaper_or_equal_plan_is_not_an_upgrade(live_shop: Shop, plan: str) -> None:
    assert live_shop.upgrade(live_shop.subscribe("team"), plan).status_code == 409


def test_a_full_refund_gives_everything_back_once(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    payment = live_shop.payments()[0]
    refund = live_shop.refund(payment["id"])
    assert (refund.status_code, refund.json()["status"], refund.json()["amount_minor"]) == (201, "succeeded", 89_900)
    assert live_shop.refund(payment["id"]).status_code == 422
    assert sandbox.order(order.trade_no)["charges"][0]["refunded"] == 899


def test_partial_refunds_add_up_to_the_payment_and_no_further(live_shop: Shop) -> None:
    live_shop.subscribe()
    payment = live_shop.payments()[0]["id"]
    assert live_shop.refund(payment, 50_000).status_code == 201
    assert live_shop.refund(payment, 40_000).status_code == 422
    assert live_shop.refund(payment, 39_900).status_code == 201
    assert live_shop.payments()[0]["refundable_minor"] == 0


def test_a_recurring_charge_can_be_refunded_although_its_notification_carries_no_trade_number(
    live_shop: Shop, sandbox: Sandbox
) -> None:
    order = live_shop.subscribe()
    sandbox.charge(order.trade_no)
    recurring = next(each for each in live_shop.payments() if each["kind"] == "period")
    assert live_shop.refund(recurring["id"], 10_000).json()["status"] == "succeeded"
    assert [each["refunded"] for each in sandbox.order(order.trade_no)["charges"]] == [0, 100]


def test_the_merchant_is_told_of_cancellation_and_refund(live_shop: Shop, receiver: Receiver) -> None:
    live_shop.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    order = live_shop.subscribe()
    live_shop.refund(live_shop.payments()[0]["id"], 10_000)
    live_shop.cancel(order)
    expected = {"payment.succeeded", "refund.succeeded", "subscription.cancelled"}
    eventually(lambda: {each.json["type"] for each in receiver.requests} == expected, "all three events")


def test_an_admin_sees_whether_an_authorization_still_runs(live_shop: Shop) -> None:
    order = live_shop.subscribe()
    path = f"/admin/orders/{order.trade_no}/authorization"
    assert live_shop.admin("GET", path).json() == {"status": "running", "successful_charges": 1}
    live_shop.cancel(order)
    assert live_shop.admin("GET", path).json()["status"] == "cancelled"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic dGVzdA==", "Bearer tést"])
def test_admin_endpoints_are_closed_without_the_token(live_shop: Shop, header: str | None) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    for method, path in (("GET", "/admin/payments"), ("POST", "/admin/refunds"), ("GET", "/admin/webhook-deliveries")):
        assert live_shop.http.request(method, path, headers=headers).status_code == 401


def test_a_subscription_nobody_paid_cannot_be_upgraded(live_shop: Shop) -> None:
    assert live_shop.upgrade(live_shop.order("team"), "business").status_code == 409


def test_a_payment_that_was_not_made_cannot_be_refunded(live_shop: Shop) -> None:
    live_shop.order()
    pending = live_shop.payments("pending")[0]
    assert live_shop.refund(pending["id"]).status_code == 409
    assert live_shop.refund("00000000-0000-0000-0000-000000000000").status_code == 404


def test_a_refund_of_cents_is_refused_because_the_provider_knows_only_dollars(
    live_shop: Shop, sandbox: Sandbox
) -> None:
    live_shop.subscribe()
    assert live_shop.refund(live_shop.payments()[0]["id"], 10_050).status_code == 422
    assert sandbox.calls("/CreditDetail/DoAction") == []


def test_asking_about_a_paid_order_does_not_bother_the_provider(live_shop: Shop, sandbox: Sandbox) -> None:
    order = live_shop.subscribe()
    answer = live_shop.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")
    assert answer.json() == {"outcome": "nothing_to_do"}
    assert sandbox.calls("/Cashier/QueryTradeInfo/V5") == []


def test_an_admin_sees_the_payments_of_every_state(live_shop: Shop) -> None:
    live_shop.subscribe("starter")
    live_shop.order("team")
    listed = live_shop.admin("GET", "/admin/payments").json()
    assert sorted((each["status"], each["amount_minor"]) for each in listed) == [("paid", 29_900), ("pending", 89_900)]
