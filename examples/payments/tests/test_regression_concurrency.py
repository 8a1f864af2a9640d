"""What must hold when requests arrive together, against a real Postgres and a real Redis."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.shop import Shop, period_callback, return_callback


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_receipts_of_payments_made_together_have_no_gap_and_no_double(shop: Shop, db: TestDatabase) -> None:
    orders = [shop.order() for _ in range(16)]
    together(
        [
            lambda order=order, n=n: shop.http.post(
                "/ecpay/return", data=return_callback(order.trade_no, TradeNo=f"24{n:014d}")
            )
            for n, order in enumerate(orders)
        ]
    )
    assert db.column("SELECT number FROM receipts ORDER BY number") == list(range(1, 17))


def test_a_payment_that_is_rolled_back_gives_its_receipt_number_back(shop: Shop, db: TestDatabase) -> None:
    first, second = shop.order(), shop.order()
    # No subscription can take this end, so the transaction fails after the receipt was numbered.
    db.run("ALTER TABLE subscriptions ADD CONSTRAINT broken CHECK (current_period_end IS NULL) NOT VALID")
    try:
        assert shop.http.post("/ecpay/return", data=return_callback(first.trade_no)).status_code == 500
    finally:
        db.run("ALTER TABLE subscriptions DROP CONSTRAINT broken")
    shop.http.post("/ecpay/return", data=return_callback(second.trade_no)).raise_for_status()
    assert db.column("SELECT number FROM receipts") == [1]
    shop.http.post("/ecpay/return", data=return_callback(first.trade_no)).raise_for_status()
    assert db.column("SELECT number FROM receipts ORDER BY number") == [1, 2]


def test_receipts_are_numbered_by_the_year_in_taiwan(shop: Shop, db: TestDatabase) -> None:
    for moment in ("2023/12/31 23:59:59", "2024/01/01 00:00:00"):
        order = shop.order()
        shop.http.post("/ecpay/return", data=return_callback(order.trade_no, PaymentDate=moment))
    assert [tuple(row) for row in db.rows("SELECT year, number FROM receipts ORDER BY year")] == [(2023, 1), (2024, 1)]


def test_refunds_asked_for_together_never_exceed_the_payment(shop: Shop, sandbox: Sandbox) -> None:
    order = shop.subscribe()
    payment = shop.payments()[0]["id"]
    answers = together([lambda: shop.refund(payment, 30_000) for _ in range(8)])
    assert sorted(each.status_code for each in answers) == [201, 201] + [422] * 6
    assert sandbox.order(order.trade_no)["charges"][0]["refunded"] == 600


def test_one_checkout_sent_many_times_at_once_is_one_order(shop: Shop, db: TestDatabase) -> None:
    answers = together([lambda: shop.post_checkout("team", "a@example.com", key="same") for _ in range(10)])
    statuses = {each.status_code for each in answers}
    assert 201 in statuses and statuses <= {201, 409}
    assert len({each.text for each in answers if each.status_code == 201}) == 1
    assert db.scalar("SELECT count(*) FROM payments") == 1


def test_one_person_checking_out_twice_at_once_is_one_customer(shop: Shop, db: TestDatabase) -> None:
    spellings = ["ann@example.com", "Ann@example.com", "ANN@EXAMPLE.COM"] * 3
    answers = together([lambda email=email: shop.post_checkout("team", email) for email in spellings])
    assert {each.status_code for each in answers} == {201}
    assert db.scalar("SELECT count(*) FROM customers") == 1
    assert db.scalar("SELECT count(*) FROM subscriptions") == 9


def test_the_rate_limit_lets_exactly_its_number_through_under_concurrency(start_shop) -> None:
    limited = start_shop(checkout_rate_limit=5)
    answers = together([lambda: limited.post_checkout() for _ in range(12)])
    assert sorted(each.status_code for each in answers) == [201] * 5 + [429] * 7


def test_a_limited_client_is_told_when_to_come_back(start_shop) -> None:
    limited = start_shop(checkout_rate_limit=1, checkout_rate_window_seconds=30)
    limited.order()
    refused = limited.post_checkout()
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 30


def test_the_rate_limit_ends_with_its_window(start_shop, redis_client) -> None:
    limited = start_shop(checkout_rate_limit=1)
    limited.order()
    key = redis_client.keys("payments:rate:*")[0]
    assert 0 < redis_client.pttl(key) <= 60_000
    redis_client.pexpire(key, 0)
    limited.order()


def test_a_checkout_that_failed_leaves_its_key_free(shop: Shop, db: TestDatabase) -> None:
    assert shop.post_checkout("later", "a@example.com", key="k").status_code == 404
    db.add_plan("later", 10_000)
    assert shop.post_checkout("later", "a@example.com", key="k").status_code == 201


def test_recurring_charges_that_overtake_the_first_one_end_in_the_same_state(shop: Shop) -> None:
    first = {"PaymentDate": "2024/01/31 08:00:00", "gwsr": "100"}
    second = {"ProcessDate": "2024/02/29 08:00:00"}
    ends = []
    for reverse in (False, True):
        order = shop.order()
        calls = [
            ("/ecpay/return", return_callback(order.trade_no, **first)),
            ("/ecpay/period", period_callback(order.trade_no, "101", **second)),
        ]
        for path, fields in reversed(calls) if reverse else calls:
            assert shop.http.post(path, data=fields).text == "1|OK"
        ends.append(shop.subscription(order)["current_period_end"])
    assert ends[0] == ends[1]
    assert datetime.fromisoformat(ends[0]).date() == datetime(2024, 3, 31).date()


def test_a_charge_of_an_authorization_replaced_by_an_upgrade_extends_nothing(shop: Shop) -> None:
    order = shop.subscribe("team")
    new = shop.upgrade(order, "business").json()["merchant_trade_no"]
    shop.pay(new)
    end = shop.subscription(order)["current_period_end"]
    assert shop.http.post("/ecpay/period", data=period_callback(order.trade_no, "77")).text == "1|OK"
    assert shop.subscription(order)["current_period_end"] == end
    assert len(shop.receipts(order)) == 3


def test_a_charge_after_cancellation_is_recorded_and_does_not_revive_the_subscription(shop: Shop) -> None:
    order = shop.subscribe()
    shop.cancel(order)
    shop.http.post("/ecpay/period", data=period_callback(order.trade_no, "88"))
    assert shop.subscription(order)["status"] == "cancelled"
    assert len(shop.receipts(order)) == 2


def test_an_upgrade_gives_back_no_more_than_an_admin_left(shop: Shop, db: TestDatabase) -> None:
    order = shop.subscribe("team")
    new = shop.upgrade(order, "business").json()["merchant_trade_no"]
    shop.refund(shop.payments()[0]["id"], 80_000)
    shop.pay(new)
    credit = db.scalar("SELECT amount_minor FROM refunds WHERE reason LIKE 'unused%'")
    assert credit == 9_900
