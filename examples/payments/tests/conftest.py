"""Fixtures shared by the five suites.

DATABASE_URL and REDIS_URL name the very database and Redis the tests use and empty; all else has a default here.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis
from alembic import command

os.environ.setdefault("DATABASE_URL", "postgresql://payments:payments@127.0.0.1:5432/payments_test")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/15")
# ECPay's published stage credentials.
os.environ["ECPAY_MERCHANT_ID"] = "3002607"
os.environ["ECPAY_HASH_KEY"] = "pwFHCqoQZGmho4w6"
os.environ["ECPAY_HASH_IV"] = "EkRm7iFT261dpevs"
os.environ["ADMIN_WEBHOOK_TOKEN"] = "test-admin-token-0123456789"
os.environ["CHECKOUT_RATE_LIMIT"] = "10000"
os.environ["WEBHOOK_BACKOFF_BASE_SECONDS"] = "0.1"
os.environ["WEBHOOK_MAX_ATTEMPTS"] = "4"
os.environ["WORKER_POLL_SECONDS"] = "0.05"
os.environ["WORKER_SWEEP_SECONDS"] = "0.3"

from app.main import create_app
from app.settings import Settings
from tests.ecpay_sandbox.server import create_sandbox
from tests.support.database import TestDatabase, alembic_config
from tests.support.receiver import Receiver
from tests.support.sandbox import Sandbox
from tests.support.servers import Process, SharedWorker, address, api_process, listening_socket, serve
from tests.support.shop import Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def migrated() -> None:
    command.upgrade(alembic_config(), "head")


@pytest.fixture(scope="session")
def db(migrated: None) -> Iterator[TestDatabase]:
    database = TestDatabase()
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        yield client


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    app = create_sandbox(os.environ["ECPAY_MERCHANT_ID"], os.environ["ECPAY_HASH_KEY"], os.environ["ECPAY_HASH_IV"])
    with serve(app, listening_socket()) as url:
        client = Sandbox(url)
        yield client
        client.reset()
        client.close()


@pytest.fixture(autouse=True)
def clean_state(db: TestDatabase, redis_client: redis.Redis, sandbox: Sandbox) -> None:
    redis_client.flushdb()
    db.empty()
    sandbox.reset()


@pytest.fixture(scope="session")
def shop(db: TestDatabase, sandbox: Sandbox) -> Iterator[Shop]:
    """The API in a thread of this process."""
    with ExitStack() as stack:
        yield _shop(stack, sandbox, {})


@pytest.fixture
def start_shop(db: TestDatabase, sandbox: Sandbox) -> Iterator[Callable[..., Shop]]:
    """More APIs in this process, each with settings of its own."""
    with ExitStack() as stack:
        yield lambda **settings: _shop(stack, sandbox, settings)


@pytest.fixture(scope="session")
def live_api(
    db: TestDatabase, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Process]]:
    log = tmp_path_factory.mktemp("logs") / "api.log"
    with api_process({"ECPAY_BASE_URL": sandbox.url}, log) as running:
        yield running


@pytest.fixture(scope="session")
def shared_worker(
    db: TestDatabase, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedWorker]:
    shared = SharedWorker({"ECPAY_BASE_URL": sandbox.url}, tmp_path_factory.mktemp("logs") / "worker.log")
    yield shared
    shared.stop()


@pytest.fixture
def worker(shared_worker: SharedWorker) -> Process:
    return shared_worker.running()


@pytest.fixture
def no_worker(shared_worker: SharedWorker) -> None:
    """For a test that starts a worker of its own and must know which one did the work."""
    shared_worker.stop()


@pytest.fixture
def live_shop(live_api: tuple[str, Process], worker: Process, sandbox: Sandbox) -> Iterator[Shop]:
    """The API and the worker as processes of their own, as they run in production."""
    shop = Shop(live_api[0], sandbox)
    yield shop
    shop.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "process.log"


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    # Here rather than above: only this suite needs a browser and its driver to be installed.
    from playwright.sync_api import sync_playwright

    from tests.support.browser import launch

    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(params=["desktop", "phone"])
def page(browser: "Browser", request: pytest.FixtureRequest) -> Iterator["Page"]:
    from tests.support.browser import DESKTOP, PHONE, page_of

    with page_of(browser, **(PHONE if request.param == "phone" else DESKTOP)) as page:
        yield page


@pytest.fixture
def desktop(browser: "Browser") -> Iterator["Page"]:
    from tests.support.browser import DESKTOP, page_of

    with page_of(browser, **DESKTOP) as page:
        yield page


@pytest.fixture
def phone(browser: "Browser") -> Iterator["Page"]:
    from tests.support.browser import PHONE, page_of

    with page_of(browser, **PHONE) as page:
        yield page


def _shop(stack: ExitStack, sandbox: Sandbox, settings: dict[str, Any]) -> Shop:
    sock = listening_socket()
    app = create_app(Settings(**{"ecpay_base_url": sandbox.url, "public_base_url": address(sock), **settings}))
    shop = Shop(stack.enter_context(serve(app, sock)), sandbox)
    stack.callback(shop.close)
    return shop
