"""Error reports, when SENTRY_DSN is set."""

import json
from typing import Any

import sentry_sdk

from app.logs import JsonFormatter
from app.settings import Settings


def configure_sentry(settings: Settings) -> None:
    if settings.sentry_dsn is None or not settings.sentry_dsn.get_secret_value():
        return
    redact = JsonFormatter(settings.secret_values()).redact

    def without_secrets(event: Any, _: dict[str, Any]) -> Any:
        return json.loads(redact(json.dumps(event, default=str)))

    sentry_sdk.init(
        dsn=settings.sentry_dsn.get_secret_value(),
        environment=settings.environment,
        release=settings.app_version,
        send_default_pii=False,
        # Local variables of a payment service are card holders' data and keys.
        include_local_variables=False,
        before_send=without_secrets,
    )
