"""Logs and error reports: useful, machine-readable, and without secrets."""

import gzip
import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from app.logs import REDACTED, JsonFormatter
from app.settings import Settings
from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.servers import api_process, worker_process
from tests.support.shop import ADMIN, Shop, return_callback
from tests.support.wait import eventually

SECRETS = ("pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs", "test-admin-token-0123456789")


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_every_line_of_the_api_is_json_and_tells_what_was_asked_and_answered(
    db: TestDatabase, sandbox: Sandbox, log_file: Path
) -> None:
    with api_process({"ECPAY_BASE_URL": sandbox.url}, log_file) as (url, _), closing(Shop(url, sandbox)) as shop:
        shop.subscribe()
    requests = [line for line in lines(log_file) if line["message"] == "request"]
    assert {"method", "route", "status", "ms", "request_id", "time", "level"} <= requests[0].keys()
    assert ("POST", "/checkout", 201) in [(each["method"], each["route"], each["status"]) for each in requests]
    assert any(line["message"] == "callback" and line["outcome"] == "paid" for line in lines(log_file))


def test_no_secret_reaches_the_log_however_much_goes_wrong(db: TestDatabase, sandbox: Sandbox, log_file: Path) -> None:
    environment = {"ECPAY_BASE_URL": sandbox.url, "LOG_LEVEL": "DEBUG", "APP_SECRET": "an-app-secret-of-some-length"}
    with api_process(environment, log_file) as (url, _), closing(Shop(url, sandbox)) as shop:
        order = shop.subscribe()
        sandbox.faults(api="http500")
        shop.refund(shop.payments()[0]["id"])
        shop.cancel(order)
        httpx.post(f"{url}/ecpay/return", data={**return_callback(order.trade_no), "CheckMacValue": "forged"})
        db.run("ALTER TABLE receipts ADD CONSTRAINT broken CHECK (false) NOT VALID")
        try:
            broken = shop.order()
            httpx.post(f"{url}/ecpay/return", data=return_callback(broken.trade_no, TradeNo="2"))
        finally:
            db.run("ALTER TABLE receipts DROP CONSTRAINT broken")
    text = log_file.read_text()
    assert "CheckViolation" in text and "callback refused" in text
    password = os.environ["DATABASE_URL"]
    for secret in (*SECRETS, password, order.token, "an-app-secret-of-some-length", "4311952222222222"):
        assert secret not in text


def test_no_secret_reaches_the_workers_log(db: TestDatabase, sandbox: Sandbox, log_file: Path) -> None:
    unreachable = "postgresql://payments:a-database-password@127.0.0.1:1/payments"
    environment = {"ECPAY_BASE_URL": sandbox.url, "DATABASE_URL": unreachable, "LOG_LEVEL": "DEBUG"}
    with worker_process(environment, log_file) as worker:
        eventually(lambda: "sweep failed" in worker.output(), "the sweep fails")
    text = log_file.read_text()
    assert not any(secret in text for secret in (*SECRETS, "a-database-password"))


def test_a_secret_inside_a_message_an_extra_or_an_exception_is_taken_out() -> None:
    formatter = JsonFormatter(["s3cret", "postgresql://u:s3cret@h/d"])
    try:
        raise RuntimeError("refused for postgresql://u:s3cret@h/d")
    except RuntimeError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "key %s", ("s3cret",), (type(error), error, None))
    record.url = {"dsn": "postgresql://u:s3cret@h/d"}
    line = formatter.format(record)
    assert "s3cret" not in line and "u:" not in line
    assert json.loads(line)["message"] == f"key {REDACTED}"
    assert json.loads(line)["url"] == {"dsn": REDACTED}


def test_the_level_of_the_log_is_the_one_that_was_set(db: TestDatabase, sandbox: Sandbox, log_file: Path) -> None:
    with api_process({"ECPAY_BASE_URL": sandbox.url, "LOG_LEVEL": "error"}, log_file) as (url, _):
        httpx.get(f"{url}/plans")
    assert log_file.read_text() == ""


def test_settings_show_no_secret_when_they_are_printed() -> None:
    text = repr(Settings())
    assert not any(secret in text for secret in (*SECRETS, os.environ["DATABASE_URL"]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ECPAY_MERCHANT_ID", "abc"),
        ("ECPAY_BASE_URL", "ecpay.com.tw"),
        ("ADMIN_WEBHOOK_TOKEN", "short"),
        ("DB_POOL_SIZE", "0"),
        ("WEBHOOK_MAX_ATTEMPTS", "-1"),
        ("ECPAY_TIMEOUT_SECONDS", "soon"),
    ],
)
def test_the_service_does_not_start_with_a_setting_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert name.lower() in str(refused.value)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "ECPAY_HASH_KEY", "ECPAY_HASH_IV", "ADMIN_WEBHOOK_TOKEN"]
)
def test_the_service_does_not_start_without_a_required_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgres_address_works(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://u:p@h:1/d")
    assert settings.sqlalchemy_url == "postgresql+psycopg://u:p@h:1/d"
    assert settings.libpq_url == "postgresql://u:p@h:1/d"


def test_manage_tokens_follow_the_app_secret_when_there_is_one() -> None:
    assert Settings().manage_token_key != Settings(app_secret="a").manage_token_key
    assert Settings(app_secret="a").manage_token_key == b"a"


class ErrorCollector:
    """What Sentry's own server does with envelopes, as far as a client can tell."""

    def __init__(self) -> None:
        self.envelopes: list[str] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.envelopes.append(
                    (gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body).decode()
                )
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.dsn = f"http://public@127.0.0.1:{self._server.server_port}/1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[ErrorCollector]:
    running = ErrorCollector()
    yield running
    running.close()


def test_an_unexpected_error_is_reported_without_secrets(
    db: TestDatabase, sandbox: Sandbox, log_file: Path, collector: ErrorCollector
) -> None:
    with api_process({"ECPAY_BASE_URL": sandbox.url, "SENTRY_DSN": collector.dsn}, log_file) as (url, _):
        with closing(Shop(url, sandbox)) as shop:
            order = shop.order()
        db.run("ALTER TABLE receipts ADD CONSTRAINT broken CHECK (false) NOT VALID")
        try:
            answer = httpx.post(f"{url}/ecpay/return", data=return_callback(order.trade_no), headers=ADMIN)
            assert answer.status_code == 500
        finally:
            db.run("ALTER TABLE receipts DROP CONSTRAINT broken")
        eventually(lambda: any("CheckViolation" in each for each in collector.envelopes), "the report arrives")
    report = "".join(collector.envelopes)
    assert not any(secret in report for secret in (*SECRETS, os.environ["DATABASE_URL"]))
