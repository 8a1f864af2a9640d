"""Configuration, read once from the environment."""

import hashlib
import hmac
from functools import lru_cache
from typing import Annotated

from pydantic import Field, PositiveInt, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/.*)?$")]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: SecretStr
    redis_url: SecretStr

    ecpay_merchant_id: Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")]
    ecpay_hash_key: SecretStr
    ecpay_hash_iv: SecretStr
    ecpay_base_url: HttpUrl = "https://payment-stage.ecpay.com.tw"
    ecpay_timeout_seconds: float = Field(10.0, gt=0)
    # ECPay's back office can "simulate" a payment. No money moves, so by default nothing is unlocked.
    ecpay_accept_simulated: bool = False

    admin_webhook_token: Annotated[SecretStr, Field(min_length=16)]
    app_secret: SecretStr | None = None

    public_base_url: HttpUrl = "http://localhost:8000"
    sentry_dsn: SecretStr | None = None
    log_level: str = "INFO"
    environment: str = "development"
    app_version: str = "0.0.0-dev"
    git_sha: str = "unknown"

    db_pool_size: PositiveInt = 10
    db_max_overflow: int = Field(10, ge=0)
    db_pool_timeout_seconds: float = Field(5.0, gt=0)
    health_timeout_seconds: float = Field(2.0, gt=0)

    checkout_rate_limit: PositiveInt = 20
    checkout_rate_window_seconds: PositiveInt = 60
    idempotency_ttl_seconds: PositiveInt = 86_400

    webhook_max_attempts: PositiveInt = 8
    webhook_backoff_base_seconds: float = Field(5.0, gt=0)
    webhook_backoff_cap_seconds: float = Field(3600.0, gt=0)
    webhook_timeout_seconds: float = Field(10.0, gt=0)

    worker_poll_seconds: float = Field(0.5, gt=0)
    worker_sweep_seconds: float = Field(15.0, gt=0)

    @property
    def sqlalchemy_url(self) -> str:
        """Platforms hand out `postgres://` and `postgresql://`; both mean psycopg 3 here."""
        url = self.database_url.get_secret_value()
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def libpq_url(self) -> str:
        return self.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def manage_token_key(self) -> bytes:
        """Key of customers' manage tokens; without APP_SECRET it rotates with the admin token."""
        if self.app_secret is not None:
            return self.app_secret.get_secret_value().encode()
        admin_token = self.admin_webhook_token.get_secret_value().encode()
        return hmac.new(admin_token, b"manage-token", hashlib.sha256).digest()

    def public_url(self, path: str) -> str:
        return self.public_base_url.rstrip("/") + path

    def secret_values(self) -> list[str]:
        """Everything that must never reach a log line."""
        secrets = [value for _, value in self if isinstance(value, SecretStr)]
        return [secret.get_secret_value() for secret in secrets if secret.get_secret_value()]


@lru_cache
def get_settings() -> Settings:
    return Settings()
