"""The worker as a process: work owed to the provider, giving up, and ending when told to."""

import os
from pathlib import Path

from tests.support.database import TestDatabase
from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.servers import Process, worker_process
from tests.support.shop import Shop
from tests.support.wait import eventually


def upgraded(shop: Shop) -> str:
    order = shop.subscribe("team")
    shop.pay(shop.upgrade(order, "business").json()["merchant_trade_no"])
    return order.trade_no


def test_work_owed_to_the_provider_is_tried_again_with_back_off(
    shop: Shop, worker: Process, sandbox: Sandbox, db: TestDatabase
) -> None:
    sandbox.faults(api="html", path="CreditCardPeriodAction", times=2)
    trade_no = upgraded(shop)
    eventually(lambda: not sandbox.order(trade_no)["period_running"], "the authorization ends")
    eventually(
        lambda: db.rows("SELECT status, attempts FROM provider_tasks WHERE kind = 'cancel_period'") == [("done", 3)],
        "the task is done at its third attempt",
    )


def test_work_the_provider_keeps_refusing_is_given_up_with_its_reason(
    shop: Shop, worker: Process, sandbox: Sandbox, db: TestDatabase
) -> None:
    sandbox.faults(api="refuse", path="CreditCardPeriodAction")
    upgraded(shop)
    query = "SELECT attempts, last_error FROM provider_tasks WHERE status = 'dead'"
    assert [tuple(row) for row in eventually(lambda: db.rows(query), "the task is given up")] == [
        (4, "10200001 refused")
    ]


def test_a_refund_owed_for_an_upgrade_is_never_asked_for_twice(
    shop: Shop, worker: Process, sandbox: Sandbox, db: TestDatabase
) -> None:
    sandbox.faults(api="html", path="DoAction")
    upgraded(shop)
    eventually(lambda: db.column("SELECT status FROM refunds") == ["unknown"], "the refund's end is unknown")
    eventually(
        lambda: db.column("SELECT DISTINCT status FROM provider_tasks") == ["done"], "nothing is left to be tried"
    )
    assert len(sandbox.calls("/CreditDetail/DoAction")) == 1


def test_two_workers_share_the_work_without_doing_it_twice(
    shop: Shop, worker: Process, sandbox: Sandbox, receiver: Receiver, log_file: Path, db: TestDatabase
) -> None:
    shop.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    with worker_process({"ECPAY_BASE_URL": sandbox.url}, log_file):
        for _ in range(8):
            shop.subscribe()
        eventually(
            lambda: db.scalar("SELECT count(*) FROM webhook_deliveries WHERE status = 'delivered'") == 8,
            "eight deliveries",
        )
    assert len(receiver.requests) == 8


def test_a_worker_that_is_told_to_stop_ends_cleanly_and_leaves_what_is_open_to_the_next(
    no_worker: None, shop: Shop, sandbox: Sandbox, receiver: Receiver, tmp_path: Path, db: TestDatabase
) -> None:
    shop.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    receiver.always(500)
    patient = {"ECPAY_BASE_URL": sandbox.url, "WEBHOOK_BACKOFF_BASE_SECONDS": "1", "WEBHOOK_MAX_ATTEMPTS": "20"}
    with worker_process(patient, tmp_path / "first.log") as first:
        shop.subscribe()
        eventually(lambda: receiver.requests, "the first attempt")
        assert first.stop() == 0
    assert db.column("SELECT status FROM webhook_deliveries") == ["pending"]
    receiver.always(None)
    with worker_process(patient, tmp_path / "second.log"):
        eventually(lambda: db.column("SELECT status FROM webhook_deliveries") == ["delivered"], "the delivery")


def test_a_worker_outlives_a_database_that_is_away_for_a_while(sandbox: Sandbox, tmp_path: Path) -> None:
    away = {"ECPAY_BASE_URL": sandbox.url, "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/not_there"}
    with worker_process(away, tmp_path / "worker.log") as process:
        eventually(lambda: process.output().count("sweep failed") >= 2, "two rounds of the sweep fail")
        assert process.alive


def test_a_worker_ends_when_told_to_though_its_first_cancellation_got_lost(sandbox: Sandbox, log_file: Path) -> None:
    with worker_process({"ECPAY_BASE_URL": sandbox.url}, log_file, "tests.support.deaf_worker") as worker:
        eventually(lambda: "polling" in worker.output(), "the worker polls")
        assert worker.stop() == 0
