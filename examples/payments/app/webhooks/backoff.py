"""How long to wait before trying again."""

import random


def delay_seconds(attempt: int, base: float, cap: float, rng: random.Random | None = None) -> float:
    """Exponential with equal jitter: at least half of the step, so a retry is never immediate, and the other half
    random, so that a receiver that comes back does not meet every delivery it missed in the same second."""
    step = min(cap, base * 2 ** (attempt - 1))
    return step / 2 + (rng or random).random() * step / 2
