from decimal import ROUND_HALF_EVEN, Decimal


def cents(amount: str) -> int:
    """An amount such as 12.50 in cents; more than two places are refused, not rounded."""
    value = Decimal(amount)
    if value != value.quantize(Decimal("0.01"), ROUND_HALF_EVEN):
        raise ValueError(f"{amount} has more than two places")
    return int(value * 100)
