"""CheckMacValue, ECPay's signature over form fields."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote_plus

FIELD = "CheckMacValue"

# What .NET's HttpUtility.UrlEncode leaves alone besides letters and digits. It escapes `~`, Python never does.
_DOTNET_SAFE = "-_.!*()"


def dotnet_url_encode(text: str) -> str:
    return quote_plus(text, safe=_DOTNET_SAFE).replace("~", "%7e").lower()


def check_mac_value(fields: Mapping[str, object], hash_key: str, hash_iv: str) -> str:
    signed = ((name, value) for name, value in fields.items() if name != FIELD)
    # Case-insensitively: with a plain sort `amount` and `gwsr` would come after `TradeNo`, and ECPay would refuse.
    query = "&".join(f"{name}={value}" for name, value in sorted(signed, key=lambda field: field[0].lower()))
    encoded = dotnet_url_encode(f"HashKey={hash_key}&{query}&HashIV={hash_iv}")
    return hashlib.sha256(encoded.encode()).hexdigest().upper()


def is_authentic(fields: Mapping[str, str], hash_key: str, hash_iv: str) -> bool:
    expected = check_mac_value(fields, hash_key, hash_iv)
    return hmac.compare_digest(expected.encode(), fields.get(FIELD, "").encode())
