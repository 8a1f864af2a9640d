"""What an upgrade in the middle of a period costs.

ECPay insists that the first charge of a periodic authorization equals every later one, so an upgrade cannot charge
a smaller first amount. The new plan is charged in full and starts a new period; the unused part of the period
already paid for is refunded on the old charge.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.money import round_to_dollars


@dataclass(frozen=True)
class UpgradeQuote:
    charge_minor: int
    credit_minor: int

    @property
    def net_minor(self) -> int:
        return self.charge_minor - self.credit_minor


def unused_credit(paid_minor: int, start: datetime, end: datetime, now: datetime) -> int:
    """The unused share of what was paid, in whole dollars, never below zero nor above what was paid."""
    microsecond = timedelta(microseconds=1)
    total = (end - start) // microsecond
    left = (end - min(max(now, start), end)) // microsecond
    if total <= 0:
        return 0
    return min(round_to_dollars(paid_minor * left, total), paid_minor)
