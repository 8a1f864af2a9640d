"""Numbers on /metrics: each must move with what it counts, and with nothing else."""

import threading

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.database import TestDatabase
from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.servers import Process, closed_port
from tests.support.shop import Shop, return_callback
from tests.support.wait import eventually


def payments(shop: Shop) -> dict[str, float]:
    outcomes = ("paid", "failed", "duplicate", "simulated", "stale", "mismatch", "unknown_order", "invalid")
    counts = {each: shop.metric(f'payments_total{{outcome="{each}"}}') for each in outcomes}
    return {outcome: count for outcome, count in counts.items() if count}


@pytest.fixture
def counted(start_shop) -> Shop:
    """An API whose counters start at zero."""
    return start_shop()


def test_the_page_is_valid_prometheus_text(counted: Shop) -> None:
    response = counted.http.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(response.text)}
    assert {"payments", "http_request_duration_seconds", "db_pool_size", "webhook_deliveries"} <= names


def test_every_outcome_is_there_with_zero_before_anything_happened(counted: Shop) -> None:
    text = counted.http.get("/metrics").text
    assert payments(counted) == {}
    assert text.count("\npayments_total{") == 8


def test_a_payment_counts_once(counted: Shop) -> None:
    counted.subscribe()
    assert payments(counted) == {"paid": 1}


def test_a_repeat_counts_as_duplicate_and_not_as_payment(counted: Shop, sandbox: Sandbox) -> None:
    sandbox.faults(copies=4)
    counted.subscribe()
    assert payments(counted) == {"paid": 1, "duplicate": 3}


def test_declines_forgeries_mismatches_and_strays_are_counted_apart(counted: Shop) -> None:
    post = counted.http.post
    trade_no = counted.order().trade_no
    post("/ecpay/return", data=return_callback(trade_no, RtnCode="10100248", PaymentDate=""))
    post("/ecpay/return", data={**return_callback(trade_no), "CheckMacValue": "0"})
    post("/ecpay/return", data=return_callback(trade_no, amount=1))
    post("/ecpay/return", data=return_callback("T0"))
    post("/ecpay/return", data=return_callback(trade_no, SimulatePaid="1"))
    assert payments(counted) == {"failed": 1, "invalid": 1, "mismatch": 1, "unknown_order": 1, "simulated": 1}


def test_a_payment_found_by_asking_the_provider_counts_too(counted: Shop, sandbox: Sandbox) -> None:
    order = counted.order()
    sandbox.faults(silent=True)
    counted.pay(order.trade_no)
    counted.admin("POST", f"/admin/orders/{order.trade_no}/reconcile").raise_for_status()
    assert payments(counted) == {"paid": 1}


def test_a_settlement_that_was_rolled_back_is_not_counted(counted: Shop, db: TestDatabase) -> None:
    order = counted.order()
    db.run("ALTER TABLE receipts ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        assert counted.http.post("/ecpay/return", data=return_callback(order.trade_no)).status_code == 500
    finally:
        db.run("ALTER TABLE receipts DROP CONSTRAINT broken")
    assert payments(counted) == {}


def test_requests_are_timed_by_route_and_not_by_path(counted: Shop) -> None:
    for _ in range(3):
        counted.http.get(f"/orders/{counted.order().trade_no}")
    labels = 'method="GET",route="/orders/{trade_no}",status="200"'
    assert counted.metric(f"http_request_duration_seconds_count{{{labels}}}") == 3
    assert counted.metric(f'http_request_duration_seconds_bucket{{le="+Inf",{labels}}}') == 3


def test_requests_to_nowhere_share_one_label(counted: Shop) -> None:
    for path in ("/wp-login.php", "/a", "/b"):
        assert counted.http.get(path).status_code == 404
    labels = 'method="GET",route="unmatched",status="404"'
    assert counted.metric(f"http_request_duration_seconds_count{{{labels}}}") == 3
    assert "wp-login" not in counted.http.get("/metrics").text


def test_a_failed_request_is_timed_with_its_status(start_shop) -> None:
    down = start_shop(database_url=f"postgresql://u:p@127.0.0.1:{closed_port()}/x")
    down.http.get("/plans")
    assert down.metric('http_request_duration_seconds_count{method="GET",route="/plans",status="503"}') == 1


def test_the_half_second_of_the_objective_is_a_bucket(counted: Shop) -> None:
    counted.http.get("/plans")
    assert 'le="0.5",method="GET",route="/plans"' in counted.http.get("/metrics").text


def test_pool_gauges_show_connections_in_use(start_shop, db: TestDatabase) -> None:
    pooled = start_shop(db_pool_size=3)
    assert pooled.metric("db_pool_size") == 3
    assert pooled.metric("db_pool_checked_out") == 0
    order = pooled.order()
    with db.engine.begin() as connection:
        # While this holds the row, the callback waits inside its transaction, with a connection of the pool.
        connection.exec_driver_sql("SELECT 1 FROM payments FOR UPDATE")
        waiting = threading.Thread(
            target=lambda: pooled.http.post("/ecpay/return", data=return_callback(order.trade_no))
        )
        waiting.start()
        eventually(lambda: pooled.metric("db_pool_checked_out") == 1, "one connection is in use")
    waiting.join()
    eventually(lambda: pooled.metric("db_pool_checked_out") == 0, "it is given back")
    assert pooled.metric("db_pool_idle") >= 1


def test_the_pool_gives_every_connection_back_after_errors(start_shop) -> None:
    # More errors than connections, so that one that was kept would be missed.
    counted = start_shop(db_pool_size=2, db_max_overflow=0)
    for _ in range(12):
        counted.http.get("/orders/T0")
        counted.http.post("/ecpay/return", data=return_callback("T0"))
    assert counted.metric("db_pool_checked_out") == 0


def test_requests_beyond_the_pool_are_refused_in_time_and_not_held_for_ever(start_shop, db: TestDatabase) -> None:
    tiny = start_shop(db_pool_size=1, db_max_overflow=0, db_pool_timeout_seconds=0.2)
    order = tiny.order()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1 FROM payments FOR UPDATE")
        waiting = threading.Thread(target=lambda: tiny.http.post("/ecpay/return", data=return_callback(order.trade_no)))
        waiting.start()
        eventually(lambda: tiny.metric("db_pool_checked_out") == 1, "the only connection is in use")
        assert tiny.http.get("/plans").status_code == 503
    waiting.join()
    assert tiny.http.get("/plans").status_code == 200


def test_the_backlog_of_webhooks_is_counted_by_status(counted: Shop, worker: Process, receiver: Receiver) -> None:
    counted.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    receiver.always(500)
    counted.subscribe()
    eventually(lambda: counted.metric('webhook_deliveries{status="dead"}') == 1, "the delivery is counted as dead")
    receiver.always(None)
    counted.subscribe()
    eventually(lambda: counted.metric('webhook_deliveries{status="delivered"}') == 1, "the next one as delivered")


def test_metrics_are_there_while_postgres_is_not(start_shop) -> None:
    down = start_shop(database_url=f"postgresql://u:p@127.0.0.1:{closed_port()}/x")
    response = down.http.get("/metrics")
    assert response.status_code == 200
    assert "payments_total" in response.text and "webhook_deliveries{" not in response.text


def test_every_answer_carries_a_request_id_of_its_own_and_the_security_headers(shop: Shop) -> None:
    answers = [httpx.get(shop.url + path) for path in ("/", "/plans", "/nowhere")]
    assert len({each.headers["x-request-id"] for each in answers}) == 3
    for each in answers:
        assert each.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in each.headers["content-security-policy"]
