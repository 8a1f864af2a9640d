"""ECPay's notifications: authentic ones count once, however often and however close together they come."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.shop import Order, Shop, period_callback, return_callback, signed


def deliver_together(shop: Shop, path: str, fields: dict[str, str], copies: int) -> list[httpx.Response]:
    with ThreadPoolExecutor(copies) as pool:
        return list(pool.map(lambda _: shop.http.post(path, data=fields), range(copies)))


def counts(db: TestDatabase) -> tuple[int, int, int]:
    return (
        db.scalar("SELECT count(*) FROM receipts"),
        db.scalar("SELECT count(*) FROM callback_events"),
        db.scalar("SELECT count(*) FROM webhook_events WHERE type = 'payment.succeeded'"),
    )


def test_twenty_copies_of_one_notification_at_once_are_one_payment(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    answers = deliver_together(shop, "/ecpay/return", return_callback(order.trade_no), 20)
    assert {each.text for each in answers} == {"1|OK"}
    assert counts(db) == (1, 1, 1)


def test_copies_of_a_recurring_charge_at_once_are_one_charge(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    answers = deliver_together(shop, "/ecpay/period", period_callback(order.trade_no, "4711"), 15)
    assert {each.text for each in answers} == {"1|OK"}
    assert db.scalar("SELECT count(*) FROM payments WHERE kind = 'period'") == 1
    assert counts(db) == (1, 1, 1)


def test_different_recurring_charges_at_once_all_count(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    with ThreadPoolExecutor(8) as pool:
        sent = [period_callback(order.trade_no, str(gwsr)) for gwsr in range(8)]
        answers = list(pool.map(lambda fields: shop.http.post("/ecpay/period", data=fields).text, sent))
    assert set(answers) == {"1|OK"}
    assert counts(db) == (8, 8, 8)
    assert db.column("SELECT number FROM receipts ORDER BY number") == list(range(1, 9))


def test_one_payment_told_to_two_replicas_at_once_counts_once(shop: Shop, start_shop, db: TestDatabase) -> None:
    order = shop.order()
    replica = start_shop()
    fields = return_callback(order.trade_no)
    with ThreadPoolExecutor(12) as pool:
        where = [shop, replica] * 6
        answers = set(pool.map(lambda each: each.http.post("/ecpay/return", data=fields).text, where))
    assert answers == {"1|OK"}
    assert counts(db) == (1, 1, 1)


def test_duplicates_the_provider_sends_itself_are_answered_ok_and_count_once(
    shop: Shop, sandbox: Sandbox, db: TestDatabase
) -> None:
    sandbox.faults(copies=6)
    order = shop.subscribe()
    assert sandbox.order(order.trade_no)["answers"] == ["1|OK"] * 6
    assert counts(db) == (1, 1, 1)


def test_copies_of_a_decline_at_once_are_told_to_the_merchant_once(shop: Shop, db: TestDatabase) -> None:
    declined = return_callback(shop.order().trade_no, RtnCode="10100248", PaymentDate="")
    answers = deliver_together(shop, "/ecpay/return", declined, 12)
    assert {each.text for each in answers} == {"1|OK"}
    assert db.column("SELECT type FROM webhook_events") == ["payment.failed"]


def test_a_repeat_days_later_changes_nothing(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    fields = return_callback(order.trade_no)
    shop.http.post("/ecpay/return", data=fields)
    before = shop.subscription(order)
    assert shop.http.post("/ecpay/return", data=fields).text == "1|OK"
    assert shop.subscription(order) == before
    assert counts(db) == (1, 1, 1)


def test_a_stale_decline_after_the_success_does_not_undo_it(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.faults(out_of_order=True)
    order = shop.subscribe()
    assert sandbox.order(order.trade_no)["answers"] == ["1|OK", "1|OK"]
    assert shop.status(order.trade_no) == "paid"
    assert shop.subscription(order)["status"] == "active"


def test_a_success_after_a_decline_counts(shop: Shop) -> None:
    order = shop.order()
    shop.http.post("/ecpay/return", data=return_callback(order.trade_no, RtnCode="10100248", PaymentDate=""))
    assert shop.status(order.trade_no) == "failed"
    assert shop.http.post("/ecpay/return", data=return_callback(order.trade_no)).text == "1|OK"
    assert shop.status(order.trade_no) == "paid"


@pytest.mark.parametrize(
    "tampered",
    [
        {"TradeAmt": "1"},
        {"RtnCode": "1 "},
        {"MerchantTradeNo": "T0000000000000000000"},
        {"CheckMacValue": ""},
        {"CheckMacValue": "0" * 64},
        {"CheckMacValue": "不是檢查碼"},
        {"Added": "field"},
    ],
)
def test_a_notification_changed_on_its_way_is_refused(shop: Shop, db: TestDatabase, tampered: dict[str, str]) -> None:
    order = shop.order()
    answer = shop.http.post("/ecpay/return", data={**return_callback(order.trade_no), **tampered})
    assert answer.status_code == 400 and not answer.text.startswith("1|")
    assert shop.status(order.trade_no) == "pending"
    assert counts(db) == (0, 0, 0)


def test_a_notification_without_signature_is_refused(shop: Shop) -> None:
    order = shop.order()
    fields = return_callback(order.trade_no)
    del fields["CheckMacValue"]
    assert shop.http.post("/ecpay/return", data=fields).status_code == 400


def test_a_signed_notification_for_another_merchant_is_refused(shop: Shop) -> None:
    order = shop.order()
    answer = shop.http.post("/ecpay/return", data=return_callback(order.trade_no, MerchantID="2000132"))
    assert answer.status_code == 400
    assert shop.status(order.trade_no) == "pending"


@pytest.mark.parametrize("amount", ["1", "898", "900", "89900", "8.99", "-899", ""])
def test_a_signed_notification_over_another_amount_is_refused(shop: Shop, db: TestDatabase, amount: str) -> None:
    order = shop.order()
    answer = shop.http.post("/ecpay/return", data=return_callback(order.trade_no, TradeAmt=amount))
    assert answer.status_code == 400
    assert shop.subscription(order)["status"] == "pending"
    assert counts(db) == (0, 0, 0)


def test_the_right_notification_still_counts_after_one_over_another_amount(shop: Shop, sandbox: Sandbox) -> None:
    order = shop.order()
    sandbox.faults(wrong_amount=True)
    shop.pay(order.trade_no)
    assert shop.status(order.trade_no) == "pending"
    sandbox.faults()
    assert sandbox.notify(order.trade_no) == ["0|mismatch", "1|OK"]
    assert shop.status(order.trade_no) == "paid"


def test_a_recurring_charge_over_another_amount_is_refused(shop: Shop) -> None:
    order = shop.subscribe()
    answer = shop.http.post("/ecpay/period", data=period_callback(order.trade_no, "1", amount=1))
    assert (answer.status_code, answer.text) == (400, "0|mismatch")
    assert len(shop.receipts(order)) == 1


def test_a_notification_for_an_order_in_another_currency_is_refused(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    db.run("UPDATE payments SET currency = 'USD'")
    answer = shop.http.post("/ecpay/return", data=return_callback(order.trade_no))
    assert (answer.status_code, answer.text) == (400, "0|mismatch")
    assert shop.subscription(order)["status"] == "pending"


def test_a_notification_for_an_unknown_order_is_refused(shop: Shop) -> None:
    answer = shop.http.post("/ecpay/return", data=return_callback("T9999999999999999999"))
    assert (answer.status_code, answer.text) == (400, "0|unknown_order")


def test_a_simulated_payment_unlocks_nothing_and_the_real_one_after_it_counts(shop: Shop) -> None:
    order = shop.order()
    assert shop.http.post("/ecpay/return", data=return_callback(order.trade_no, SimulatePaid="1")).text == "1|OK"
    assert shop.subscription(order)["status"] == "pending"
    shop.http.post("/ecpay/return", data=return_callback(order.trade_no))
    assert shop.subscription(order)["status"] == "active"


def test_a_simulated_payment_of_the_providers_own_unlocks_nothing(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.faults(simulate_paid=True)
    order = shop.order()
    shop.pay(order.trade_no)
    assert sandbox.order(order.trade_no)["answers"] == ["1|OK"]
    assert shop.status(order.trade_no) == "pending"


def test_a_staging_system_may_be_told_to_believe_simulated_payments(start_shop) -> None:
    staging = start_shop(ecpay_accept_simulated=True)
    order = staging.order()
    staging.http.post("/ecpay/return", data=return_callback(order.trade_no, SimulatePaid="1"))
    assert staging.subscription(order)["status"] == "active"


@pytest.mark.parametrize("missing", ["MerchantTradeNo", "RtnCode", "TradeAmt", "TradeNo", "PaymentDate"])
def test_a_signed_notification_lacking_a_field_is_refused(shop: Shop, missing: str) -> None:
    fields = return_callback(shop.order().trade_no)
    kept = {name: value for name, value in fields.items() if name not in (missing, "CheckMacValue")}
    assert shop.http.post("/ecpay/return", data=signed(kept)).status_code == 400


def test_a_date_that_is_none_is_refused(shop: Shop) -> None:
    order = shop.order()
    assert (
        shop.http.post("/ecpay/return", data=return_callback(order.trade_no, PaymentDate="yesterday")).status_code
        == 400
    )


def test_times_of_the_provider_are_taipei_times(shop: Shop, db: TestDatabase) -> None:
    order = shop.order()
    shop.http.post("/ecpay/return", data=return_callback(order.trade_no, PaymentDate="2024/05/06 07:08:09"))
    assert db.scalar("SELECT paid_at AT TIME ZONE 'UTC' FROM payments").isoformat() == "2024-05-05T23:08:09"


def test_a_recurring_charge_that_failed_and_was_taken_again_counts_once(shop: Shop, db: TestDatabase) -> None:
    order: Order = shop.subscribe()
    shop.http.post("/ecpay/period", data=period_callback(order.trade_no, "9", RtnCode="10100248"))
    assert shop.subscription(order)["status"] == "past_due"
    shop.http.post("/ecpay/period", data=period_callback(order.trade_no, "9"))
    assert shop.subscription(order)["status"] == "active"
    assert db.column("SELECT status FROM payments WHERE kind = 'period'") == ["paid"]
