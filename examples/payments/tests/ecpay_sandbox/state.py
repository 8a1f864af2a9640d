"""Orders the sandbox knows, and the ways it has been told to misbehave."""

import itertools
import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

TAIPEI = timezone(timedelta(hours=8))
DECLINED = "10100248"


def taipei_now() -> str:
    return datetime.now(TAIPEI).strftime("%Y/%m/%d %H:%M:%S")


@dataclass
class Charge:
    gwsr: str
    trade_no: str
    amount: int
    succeeded: bool
    process_date: str
    refunded: int = 0


@dataclass
class Order:
    fields: dict[str, str]
    trade_no: str
    status: str = "0"  # TradeStatus: 0 unpaid, 1 paid, 10200095 failed
    period_running: bool = True
    simulated: bool = False
    charges: list[Charge] = field(default_factory=list)
    # What the merchant answered to each notification.
    answers: list[str] = field(default_factory=list)

    @property
    def successful(self) -> list[Charge]:
        return [charge for charge in self.charges if charge.succeeded]


@dataclass
class Faults:
    """Each is off by default; `times` counts down the API faults, -1 keeps them."""

    # API calls: "timeout", "stall" (half an answer), "http500", "html", "maintenance", "empty", "refuse" or "unknown_merchant";
    # of the one answer that is signed also "wrong_mac", "no_mac" or "other_merchant". `path` limits it to one path.
    api: str = ""
    path: str = ""
    times: int = -1
    # Payments.
    decline: bool = False
    simulate_paid: bool = False
    slow_ms: int = 0
    # Notifications: how many copies at once, a stale decline after the success, none at all, or a false amount.
    copies: int = 1
    out_of_order: bool = False
    silent: bool = False
    wrong_amount: bool = False
    wrong_callback_mac: bool = False


class State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.release = threading.Event()
        self._serial = itertools.count(int(datetime.now().timestamp()))
        self.reset()

    def reset(self) -> None:
        # Answers being held back end here, instead of holding up whoever comes next.
        self.release.set()
        self.release = threading.Event()
        self.orders: dict[str, Order] = {}
        self.faults = Faults()
        self.calls: list[dict[str, Any]] = []

    def serial(self) -> int:
        return next(self._serial)

    def api_fault(self, path: str) -> str:
        with self.lock:
            faults = self.faults
            if not faults.api or faults.times == 0 or (faults.path and faults.path not in path):
                return ""
            faults.times -= 1
            return faults.api

    def as_json(self) -> dict[str, Any]:
        with self.lock:
            return {
                "orders": {number: asdict(order) for number, order in self.orders.items()},
                "faults": asdict(self.faults),
                "calls": list(self.calls),
            }
