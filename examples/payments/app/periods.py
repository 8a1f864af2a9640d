"""Billing periods in ECPay's terms: D, M or Y, every `frequency` of them."""

import calendar
from datetime import datetime, timedelta
from typing import Literal

PeriodType = Literal["D", "M", "Y"]

# From ECPay's documentation of PeriodType: (largest Frequency, largest ExecTimes).
PROVIDER_LIMITS: dict[str, tuple[int, int]] = {"D": (365, 999), "M": (12, 99), "Y": (1, 9)}


def add_periods(anchor: datetime, period_type: str, frequency: int, count: int) -> datetime:
    """The end of the count-th period after anchor.

    Counted from the anchor rather than from the previous end: a subscription begun on 31 January would otherwise
    slide to the 28th in February and stay there.
    """
    steps = frequency * count
    if period_type == "D":
        return anchor + timedelta(days=steps)
    months = steps if period_type == "M" else steps * 12
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, calendar.monthrange(year, month0 + 1)[1])
    return anchor.replace(year=year, month=month0 + 1, day=day)


def within_provider_limits(period_type: str, frequency: int, exec_times: int) -> bool:
    if period_type not in PROVIDER_LIMITS:
        return False
    max_frequency, max_times = PROVIDER_LIMITS[period_type]
    return 1 <= frequency <= max_frequency and 2 <= exec_times <= max_times
