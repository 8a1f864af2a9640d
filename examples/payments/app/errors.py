"""How each kind of failure is answered."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.billing.errors import BillingError
from app.ecpay.errors import ProviderError
from app.idempotency import KeyInUse, KeyReused
from app.ratelimit import RateLimited


def problem(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(BillingError)
    def refused(_: Request, error: BillingError) -> JSONResponse:
        return problem(error.status, error.code, str(error))

    @app.exception_handler(RateLimited)
    def limited(_: Request, error: RateLimited) -> JSONResponse:
        return problem(429, "rate_limited", str(error), {"Retry-After": str(error.retry_after_seconds)})

    @app.exception_handler(KeyInUse)
    def in_use(_: Request, error: KeyInUse) -> JSONResponse:
        return problem(409, "key_in_use", "a request with this Idempotency-Key is under way", {"Retry-After": "1"})

    @app.exception_handler(KeyReused)
    def reused(_: Request, error: KeyReused) -> JSONResponse:
        return problem(422, "key_reused", "this Idempotency-Key came before with another request")

    @app.exception_handler(ProviderError)
    def provider(_: Request, error: ProviderError) -> JSONResponse:
        return problem(502, "provider_error", str(error))

    # The exception's own text names hosts and users, which are no business of the caller's.
    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    def no_database(_: Request, error: Exception) -> JSONResponse:
        return problem(503, "unavailable", "the database is not available", {"Retry-After": "5"})

    @app.exception_handler(RedisError)
    def no_redis(_: Request, error: RedisError) -> JSONResponse:
        return problem(503, "unavailable", "redis is not available", {"Retry-After": "5"})
