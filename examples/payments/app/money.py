"""Money is an integer number of minor units (cents). There is no float anywhere.

ISO 4217 gives TWD two decimals, while ECPay only charges whole dollars. Both facts live here and nowhere else.
"""

MINOR_PER_UNIT = 100
PROVIDER_CURRENCY = "TWD"


class NotWholeDollars(ValueError):
    def __init__(self, amount_minor: int) -> None:
        super().__init__(f"{amount_minor} minor units is not a whole number of dollars")


def to_provider(amount_minor: int) -> int:
    """ECPay's TotalAmount. Refuses cents, because dropping them would charge another sum than was shown."""
    dollars, cents = divmod(amount_minor, MINOR_PER_UNIT)
    if cents:
        raise NotWholeDollars(amount_minor)
    return dollars


def from_provider(amount: str) -> int:
    """Minor units of an amount in a provider message; only plain digits are an amount."""
    if not (amount.isascii() and amount.isdigit()):
        raise ValueError(f"not an amount: {amount!r}")
    return int(amount) * MINOR_PER_UNIT


def round_to_dollars(numerator: int, denominator: int) -> int:
    """numerator/denominator minor units rounded half up to whole dollars, in integers throughout."""
    unit = MINOR_PER_UNIT * denominator
    return (2 * numerator + unit) // (2 * unit) * MINOR_PER_UNIT


def display(amount_minor: int, currency: str) -> str:
    units, cents = divmod(amount_minor, MINOR_PER_UNIT)
    text = f"{units:,}.{cents:02d}" if cents else f"{units:,}"
    return f"NT${text}" if currency == PROVIDER_CURRENCY else f"{currency} {text}"
