"""Amounts, proration and periods: arithmetic that once went wrong, or easily would."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from app import money
from app.periods import add_periods, within_provider_limits
from app.proration import UpgradeQuote, unused_credit
from tests.support.database import TestDatabase
from tests.support.shop import Shop

START = datetime(2024, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)


def test_the_provider_gets_whole_dollars() -> None:
    assert money.to_provider(89_900) == 899


@pytest.mark.parametrize("amount_minor", [1, 99, 89_901, 89_999])
def test_cents_are_refused_instead_of_dropped(amount_minor: int) -> None:
    with pytest.raises(money.NotWholeDollars):
        money.to_provider(amount_minor)


@pytest.mark.parametrize("text", ["", "-5", "+5", "8.99", "1e3", " 899", "899 ", "٨٩٩", "0x10", "1_000"])
def test_only_plain_digits_are_an_amount(text: str) -> None:
    with pytest.raises(ValueError):
        money.from_provider(text)


def test_an_amount_survives_the_way_to_the_provider_and_back() -> None:
    assert all(money.from_provider(str(money.to_provider(each))) == each for each in range(0, 1_000_000, 700))


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(4_950, 1, 5_000), (4_949, 1, 4_900), (149, 1, 100), (150, 1, 200), (100, 3, 0), (200, 3, 100), (0, 7, 0)],
)
def test_halves_round_up_to_the_dollar(numerator: int, denominator: int, rounded: int) -> None:
    assert money.round_to_dollars(numerator, denominator) == rounded


def test_rounding_is_exact_where_floats_are_not() -> None:
    # Each of these is a hair below a half; as floats they all come out as one.
    numerator, denominator = 50 * 10**20 - 1, 10**20
    assert float(Fraction(numerator, denominator)) == 50.0
    assert money.round_to_dollars(numerator, denominator) == 0


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(89_900, "TWD", "NT$899"), (299_000, "TWD", "NT$2,990"), (1_050, "USD", "USD 10.50"), (5, "TWD", "NT$0.05")],
)
def test_amounts_are_shown_as_people_write_them(amount: int, currency: str, text: str) -> None:
    assert money.display(amount, currency) == text


@pytest.mark.parametrize(
    ("used", "credit"),
    [
        (timedelta(), 90_000),
        (MONTH / 3, 60_000),
        (MONTH / 2, 45_000),
        (MONTH, 0),
        (MONTH + timedelta(days=3), 0),
        (timedelta(days=-1), 90_000),
    ],
)
def test_credit_is_the_unused_share_of_what_was_paid(used: timedelta, credit: int) -> None:
    assert unused_credit(90_000, START, START + MONTH, START + used) == credit


def test_credit_never_exceeds_the_payment_nor_falls_below_zero_and_is_always_whole_dollars() -> None:
    for minute in range(0, 31 * 24 * 60, 97):
        credit = unused_credit(29_900, START, START + MONTH, START + timedelta(minutes=minute))
        assert 0 <= credit <= 29_900 and credit % 100 == 0


def test_credit_only_shrinks_as_time_passes() -> None:
    moments = [START + timedelta(hours=hour) for hour in range(0, 30 * 24 + 1)]
    credits = [unused_credit(89_900, START, START + MONTH, moment) for moment in moments]
    assert credits == sorted(credits, reverse=True)


def test_an_empty_period_gives_no_credit() -> None:
    assert unused_credit(90_000, START, START, START) == 0


def test_what_an_upgrade_costs_is_the_new_price_less_the_credit() -> None:
    assert UpgradeQuote(charge_minor=299_000, credit_minor=45_000).net_minor == 254_000


@pytest.mark.parametrize(
    ("anchor", "count", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2024-01-31", 13, "2025-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
    ],
)
def test_a_month_ends_on_its_own_last_day_and_the_next_one_recovers(anchor: str, count: int, end: str) -> None:
    assert add_periods(datetime.fromisoformat(anchor), "M", 1, count) == datetime.fromisoformat(end)


def test_years_begun_on_leap_day_end_on_the_28th_until_the_next_leap_year() -> None:
    leap = datetime(2024, 2, 29)
    ends = [add_periods(leap, "Y", 1, count) for count in (1, 4)]
    assert ends == [datetime(2025, 2, 28), datetime(2028, 2, 29)]


def test_days_and_frequencies_multiply() -> None:
    assert add_periods(START, "D", 10, 3) == START + timedelta(days=30)
    assert add_periods(START, "M", 3, 2) == datetime(2024, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period_type", "frequency", "times", "allowed"),
    [
        ("M", 1, 99, True),
        ("M", 12, 2, True),
        ("M", 13, 2, False),
        ("M", 1, 100, False),
        ("M", 1, 1, False),
        ("D", 365, 999, True),
        ("D", 366, 2, False),
        ("Y", 1, 9, True),
        ("Y", 2, 2, False),
        ("W", 1, 2, False),
    ],
)
def test_only_periods_the_provider_offers_are_sold(period_type: str, frequency: int, times: int, allowed: bool) -> None:
    assert within_provider_limits(period_type, frequency, times) is allowed


@pytest.mark.parametrize(
    ("amount_minor", "columns"),
    [(89_950, {}), (89_900, {"currency": "USD"}), (89_900, {"period_type": "Y", "exec_times": 10})],
)
def test_a_plan_the_provider_cannot_charge_is_refused_before_the_customer_leaves(
    shop: Shop, db: TestDatabase, amount_minor: int, columns: dict[str, object]
) -> None:
    db.add_plan("odd", amount_minor, **columns)
    response = shop.post_checkout("odd")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "plan_unavailable")


def test_no_amount_column_of_the_database_is_a_float(db: TestDatabase) -> None:
    types = db.column(
        "SELECT DISTINCT data_type FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name LIKE '%\\_minor'"
    )
    assert types == ["bigint"]
