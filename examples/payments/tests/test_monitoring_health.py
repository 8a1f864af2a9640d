"""What operators and platforms ask: is it alive, which version, and which part is down."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.support.database import TestDatabase
from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.servers import api_process, closed_port, worker_process
from tests.support.shop import Shop
from tests.support.tcp_proxy import TcpProxy


def through(url: str, port: int) -> str:
    parts = urlsplit(url)
    credentials = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{port}".removeprefix("@")))


def wire(variable: str, default_port: int) -> Iterator[TcpProxy]:
    parts = urlsplit(os.environ[variable])
    proxy = TcpProxy(parts.hostname or "127.0.0.1", parts.port or default_port)
    yield proxy
    proxy.close()


@pytest.fixture
def postgres_wire() -> Iterator[TcpProxy]:
    yield from wire("DATABASE_URL", 5432)


@pytest.fixture
def redis_wire() -> Iterator[TcpProxy]:
    yield from wire("REDIS_URL", 6379)


@pytest.fixture
def wired_shop(start_shop, postgres_wire: TcpProxy, redis_wire: TcpProxy) -> Shop:
    return start_shop(
        database_url=through(os.environ["DATABASE_URL"], postgres_wire.port),
        redis_url=through(os.environ["REDIS_URL"], redis_wire.port),
        # Patient, because a busy machine must not look like a broken one; the frozen wire is tested apart.
        health_timeout_seconds=15,
    )


def health(shop: Shop) -> tuple[int, dict[str, str]]:
    response = shop.http.get("/health")
    return response.status_code, response.json()["checks"]


def test_a_healthy_service_says_so(shop: Shop) -> None:
    response = shop.http.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"postgres": "ok", "redis": "ok"}}


def test_health_is_never_cached(shop: Shop) -> None:
    assert shop.http.get("/health").headers["cache-control"] == "no-store"


def test_health_names_postgres_when_it_is_down(start_shop) -> None:
    down = start_shop(database_url=f"postgresql://u:p@127.0.0.1:{closed_port()}/payments")
    response = down.http.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "unhealthy", "checks": {"postgres": "down", "redis": "ok"}}


def test_health_names_redis_when_it_is_down(start_shop) -> None:
    down = start_shop(redis_url=f"redis://127.0.0.1:{closed_port()}/0")
    assert health(down) == (503, {"postgres": "ok", "redis": "down"})


def test_health_names_both_when_both_are_down(start_shop) -> None:
    port = closed_port()
    down = start_shop(database_url=f"postgresql://u:p@127.0.0.1:{port}/x", redis_url=f"redis://127.0.0.1:{port}/0")
    assert health(down) == (503, {"postgres": "down", "redis": "down"})


def test_health_shows_no_hosts_users_or_passwords(start_shop) -> None:
    down = start_shop(database_url=f"postgresql://someuser:hunter2@127.0.0.1:{closed_port()}/secretdb")
    text = down.http.get("/health").text
    assert not any(word in text for word in ("someuser", "hunter2", "secretdb", "127.0.0.1"))


def test_a_database_that_does_not_exist_is_unhealthy(start_shop) -> None:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/no_such_database"
    assert health(start_shop(database_url=url)) == (503, {"postgres": "down", "redis": "ok"})


def test_health_follows_postgres_going_and_coming_back(wired_shop: Shop, postgres_wire: TcpProxy) -> None:
    assert health(wired_shop)[0] == 200
    postgres_wire.cut()
    assert health(wired_shop) == (503, {"postgres": "down", "redis": "ok"})
    postgres_wire.restore()
    assert health(wired_shop)[0] == 200


def test_health_follows_redis_going_and_coming_back(wired_shop: Shop, redis_wire: TcpProxy) -> None:
    redis_wire.cut()
    assert health(wired_shop) == (503, {"postgres": "ok", "redis": "down"})
    redis_wire.restore()
    assert health(wired_shop)[0] == 200


def test_health_answers_in_time_when_postgres_hangs(start_shop, postgres_wire: TcpProxy) -> None:
    hanging = start_shop(
        database_url=through(os.environ["DATABASE_URL"], postgres_wire.port), health_timeout_seconds=0.3
    )
    postgres_wire.freeze()
    started = time.monotonic()
    status, checks = health(hanging)
    assert (status, checks["postgres"]) == (503, "timeout")
    assert time.monotonic() - started < 10


def test_health_answers_in_time_when_redis_hangs(start_shop, redis_wire: TcpProxy) -> None:
    hanging = start_shop(redis_url=through(os.environ["REDIS_URL"], redis_wire.port), health_timeout_seconds=0.3)
    redis_wire.freeze()
    status, checks = health(hanging)
    assert (status, checks["redis"]) == (503, "timeout")


def test_requests_work_again_after_postgres_came_back_without_a_restart(
    wired_shop: Shop, postgres_wire: TcpProxy
) -> None:
    wired_shop.order()
    postgres_wire.cut()
    refused = wired_shop.http.get("/plans")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    postgres_wire.restore()
    # The pool still holds the connections that were cut.
    assert wired_shop.order()


def test_the_first_request_after_a_restart_of_postgres_does_not_meet_a_dead_connection(
    wired_shop: Shop, postgres_wire: TcpProxy
) -> None:
    wired_shop.order()
    postgres_wire.cut()
    postgres_wire.restore()
    assert wired_shop.http.get("/plans").status_code == 200


def test_checkouts_are_refused_while_redis_is_away_and_work_again_after(wired_shop: Shop, redis_wire: TcpProxy) -> None:
    redis_wire.cut()
    refused = wired_shop.post_checkout()
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    redis_wire.restore()
    assert wired_shop.post_checkout().status_code == 201


def test_a_payment_is_settled_while_redis_is_away(wired_shop: Shop, redis_wire: TcpProxy, receiver: Receiver) -> None:
    wired_shop.admin("POST", "/admin/webhook-endpoints", json={"url": receiver.url}).raise_for_status()
    order = wired_shop.order()
    redis_wire.cut()
    wired_shop.pay(order.trade_no)
    assert wired_shop.status(order.trade_no) == "paid"


def test_a_notification_that_meets_a_missing_database_is_not_acknowledged(
    wired_shop: Shop, postgres_wire: TcpProxy, sandbox: Sandbox
) -> None:
    order = wired_shop.order()
    card_form = wired_shop.go_to_provider(order.trade_no)
    postgres_wire.cut()
    wired_shop.enter_card(card_form)
    assert not sandbox.order(order.trade_no)["answers"][0].startswith("1|")
    postgres_wire.restore()
    assert sandbox.notify(order.trade_no)[-1] == "1|OK"
    assert wired_shop.status(order.trade_no) == "paid"


def test_the_version_tells_what_is_deployed(start_shop) -> None:
    built = start_shop(app_version="1.4.2", git_sha="0123abc", environment="staging")
    assert built.http.get("/version").json() == {"version": "1.4.2", "git_sha": "0123abc", "environment": "staging"}


def test_the_api_process_ends_cleanly_when_told_to(db: TestDatabase, sandbox: Sandbox, log_file: Path) -> None:
    with api_process({"ECPAY_BASE_URL": sandbox.url}, log_file) as (_, process):
        assert process.stop() == 0


def test_the_worker_process_ends_cleanly_when_told_to(db: TestDatabase, sandbox: Sandbox, log_file: Path) -> None:
    with worker_process({"ECPAY_BASE_URL": sandbox.url}, log_file) as process:
        assert process.stop() == 0
