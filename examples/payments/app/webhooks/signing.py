"""HMAC signatures of outbound deliveries."""

import hashlib
import hmac

HEADER = "X-Payments-Signature"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The time is signed along, so that a captured delivery cannot be replayed for ever."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
