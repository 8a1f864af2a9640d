"""Bearer tokens: the admin's, and one per subscription for the customer who owns it."""

import hashlib
import hmac
import uuid

from app.settings import Settings


def manage_token(settings: Settings, subscription_id: uuid.UUID) -> str:
    """Derived rather than stored: a leaked database gives nobody the right to cancel a subscription."""
    return hmac.new(settings.manage_token_key, subscription_id.bytes, hashlib.sha256).hexdigest()


def same_token(expected: str, presented: str) -> bool:
    """Constant-time; as bytes, because compare_digest raises on non-ASCII text that any client can send."""
    return hmac.compare_digest(expected.encode(), presented.encode())


def bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
