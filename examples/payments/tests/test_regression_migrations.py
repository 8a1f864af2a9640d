"""Every revision up and down, with data in the tables, in a database of its own."""

import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tests.support.database import TestDatabase, alembic_config, sqlalchemy_url

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


class Scratch:
    def __init__(self, engine: Engine, config: Config) -> None:
        self.engine = engine
        self.config = config

    def upgrade(self, revision: str) -> None:
        command.upgrade(self.config, revision)

    def downgrade(self, revision: str) -> None:
        command.downgrade(self.config, revision)

    def rows(self, sql: str) -> list[tuple]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def run(self, sql: str, **parameters: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(sql), parameters)

    def buy(self, email: str, amount: str, status: str = "paid", trade_no: str = "", paid: str = "2024-05-01") -> None:
        """A customer with one payment, in the columns that all revisions have; amount is `column = value`."""
        customer, subscription, number = uuid.uuid4(), uuid.uuid4(), trade_no or uuid.uuid4().hex[:20]
        column, value = amount.split("=")
        self.run(
            "INSERT INTO customers (id, email, created_at) VALUES (:id, :email, :at)", id=customer, email=email, at=paid
        )
        self.run(
            "INSERT INTO subscriptions (id, customer_id, plan_id, merchant_trade_no, status) "
            "SELECT :id, :customer, min(id), :number, 'active' FROM plans",
            id=subscription,
            customer=customer,
            number=number,
        )
        self.run(
            f"INSERT INTO payments (id, subscription_id, status, merchant_trade_no, {column}, paid_at) "
            "VALUES (:id, :subscription, :status, :number, :value, :paid)",
            id=uuid.uuid4(),
            subscription=subscription,
            status=status,
            number=number,
            value=int(value),
            paid=paid,
        )


@pytest.fixture(scope="module")
def scratch_database(db: TestDatabase) -> Iterator[Scratch]:
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    admin = create_engine(sqlalchemy_url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = make_url(sqlalchemy_url()).set(database=name)
    config = alembic_config()
    config.set_main_option("sqlalchemy.url", url.render_as_string(hide_password=False).replace("%", "%%"))
    engine = create_engine(url, poolclass=NullPool)
    yield Scratch(engine, config)
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture
def scratch(scratch_database: Scratch) -> Scratch:
    # Emptied rather than created anew: creating a database makes Postgres write a checkpoint, which takes seconds.
    scratch_database.run("DROP SCHEMA public CASCADE")
    scratch_database.run("CREATE SCHEMA public")
    return scratch_database


def schema(scratch: Scratch) -> list[tuple]:
    return scratch.rows(
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
        "WHERE table_schema = 'public' ORDER BY 1, 2"
    ) + scratch.rows("SELECT indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")


def test_the_history_is_one_line_with_one_head() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [REVISIONS[-1]]
    assert sorted(REVISIONS) == REVISIONS


def test_the_models_and_the_migrations_describe_the_same_tables(scratch: Scratch) -> None:
    scratch.upgrade("head")
    command.check(scratch.config)


def test_each_downgrade_restores_the_schema_before_it(scratch: Scratch) -> None:
    before = []
    for revision in REVISIONS:
        before.append(schema(scratch))
        scratch.upgrade(revision)
    for revision, expected in zip(reversed(REVISIONS), reversed(before), strict=True):
        scratch.downgrade("-1")
        remaining = [row for row in schema(scratch) if not row[0].startswith("alembic_version")]
        assert remaining == [row for row in expected if not row[0].startswith("alembic_version")], revision


def test_amounts_become_minor_units_and_dollars_again(scratch: Scratch) -> None:
    scratch.upgrade("0003")
    scratch.buy("a@example.com", "amount=899")
    scratch.upgrade("0004")
    assert scratch.rows("SELECT amount_minor, currency FROM payments") == [(89_900, "TWD")]
    assert scratch.rows("SELECT amount_minor FROM plans ORDER BY 1") == [(29_900,), (89_900,), (299_000,)]
    scratch.downgrade("0003")
    assert scratch.rows("SELECT amount FROM payments") == [(899,)]


@pytest.mark.parametrize("lossy", ["amount_minor = 89950", "currency = 'USD'"])
def test_a_downgrade_that_would_change_an_amount_is_refused(scratch: Scratch, lossy: str) -> None:
    scratch.upgrade("0004")
    scratch.run(f"UPDATE plans SET {lossy} WHERE code = 'team'")
    with pytest.raises(DBAPIError, match="rows of plans cannot be written"):
        scratch.downgrade("0003")
    assert scratch.rows("SELECT version_num FROM alembic_version") == [("0004",)]


def test_payments_made_before_receipts_existed_get_them_in_order_of_payment(scratch: Scratch) -> None:
    scratch.upgrade("0002")
    scratch.buy("b@example.com", "amount=2", paid="2024-03-02")
    scratch.buy("a@example.com", "amount=1", paid="2024-03-01")
    scratch.buy("c@example.com", "amount=3", status="failed", paid="2024-03-03")
    # Half past midnight of the new year in Taiwan.
    scratch.buy("d@example.com", "amount=4", paid="2024-12-31 16:30:00+00")
    scratch.upgrade("0003")
    assert scratch.rows("SELECT year, number, amount FROM receipts ORDER BY 1, 2") == [
        (2024, 1, 1),
        (2024, 2, 2),
        (2025, 1, 4),
    ]
    assert scratch.rows("SELECT * FROM receipt_counters ORDER BY 1") == [(2024, 2), (2025, 1)]


def test_customers_differing_in_case_are_merged_into_the_oldest(scratch: Scratch) -> None:
    scratch.upgrade("0006")
    for email, at in (
        ("Ann@example.com", "2024-02-01"),
        ("ann@example.com", "2024-01-01"),
        ("bob@example.com", "2024-01-01"),
    ):
        scratch.run(
            "INSERT INTO customers (id, email, created_at) VALUES (:id, :email, :at)",
            id=uuid.uuid4(),
            email=email,
            at=at,
        )
        scratch.run(
            "INSERT INTO subscriptions (id, customer_id, plan_id, merchant_trade_no) "
            "SELECT gen_random_uuid(), c.id, min(p.id), left(md5(c.email), 20) FROM customers c, plans p "
            "WHERE c.email = :email GROUP BY c.id, c.email",
            email=email,
        )
    scratch.upgrade("0007")
    assert scratch.rows("SELECT email FROM customers ORDER BY 1") == [("ann@example.com",), ("bob@example.com",)]
    assert scratch.rows(
        "SELECT c.email, count(*) FROM subscriptions s JOIN customers c ON c.id = s.customer_id GROUP BY 1 ORDER BY 1"
    ) == [("ann@example.com", 2), ("bob@example.com", 1)]


def test_refunded_payments_become_paid_ones_with_a_refund_and_back(scratch: Scratch) -> None:
    scratch.upgrade("0004")
    scratch.run("ALTER TABLE payments ALTER COLUMN currency SET DEFAULT 'TWD'")
    scratch.buy("a@example.com", "amount_minor=89900", status="refunded")
    scratch.buy("b@example.com", "amount_minor=29900", status="paid")
    scratch.run("ALTER TABLE payments ALTER COLUMN currency DROP DEFAULT")
    scratch.upgrade("0008")
    assert scratch.rows(
        "SELECT p.amount_minor, p.status, r.amount_minor, r.status FROM payments p "
        "LEFT JOIN refunds r ON r.payment_id = p.id ORDER BY 1"
    ) == [(29_900, "paid", None, None), (89_900, "paid", 89_900, "succeeded")]
    assert scratch.rows("SELECT count(*) FROM payments WHERE plan_id IS NULL") == [(0,)]
    scratch.downgrade("0007")
    assert scratch.rows("SELECT amount_minor, status FROM payments ORDER BY 1") == [
        (29_900, "paid"),
        (89_900, "refunded"),
    ]


def test_recurring_charges_survive_a_downgrade_under_numbers_of_their_own(scratch: Scratch) -> None:
    scratch.upgrade("0005")
    scratch.run("ALTER TABLE payments ALTER COLUMN currency SET DEFAULT 'TWD', ALTER COLUMN kind SET DEFAULT 'first'")
    scratch.buy("a@example.com", "amount_minor=89900", trade_no="T1")
    scratch.run(
        "INSERT INTO payments (id, subscription_id, status, merchant_trade_no, amount_minor, kind, gwsr) "
        "SELECT gen_random_uuid(), subscription_id, 'paid', 'T1', 89900, 'period', '4711' FROM payments"
    )
    scratch.downgrade("0004")
    assert scratch.rows("SELECT merchant_trade_no FROM payments ORDER BY 1") == [("P4711",), ("T1",)]


def test_a_plan_somebody_bought_outlives_the_downgrade_that_removes_the_launch_plans(scratch: Scratch) -> None:
    scratch.upgrade("0002")
    scratch.buy("a@example.com", "amount=299")
    scratch.downgrade("0001")
    assert scratch.rows("SELECT code FROM plans") == [("starter",)]


def test_both_directions_can_be_written_as_sql_for_a_reader(
    scratch: Scratch, capsys: pytest.CaptureFixture[str]
) -> None:
    head = REVISIONS[-1]
    command.upgrade(scratch.config, head, sql=True)
    upgrade = capsys.readouterr().out
    command.downgrade(scratch.config, f"{head}:base", sql=True)
    downgrade = capsys.readouterr().out
    # Not only text: what was written is run.
    for script in (upgrade, downgrade):
        with scratch.engine.connect() as connection:
            connection.connection.cursor().execute(script[script.index("BEGIN;") :].encode())
    assert scratch.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("alembic_version",)]
