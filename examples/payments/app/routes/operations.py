"""For operators: health, metrics, version."""

import asyncio
from collections.abc import Awaitable

import psycopg
import redis.asyncio
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.services import Injected
from app.settings import Settings

router = APIRouter(tags=["operations"])


@router.get("/health")
async def health(services: Injected) -> JSONResponse:
    limit = services.settings.health_timeout_seconds
    postgres, redis_state = await asyncio.gather(
        _state(_ask_postgres(services.settings), limit), _state(_ask_redis(services.settings), limit)
    )
    checks = {"postgres": postgres, "redis": redis_state}
    healthy = set(checks.values()) == {"ok"}
    body = {"status": "ok" if healthy else "unhealthy", "checks": checks}
    return JSONResponse(body, 200 if healthy else 503, {"Cache-Control": "no-store"})


@router.get("/metrics")
def metrics(services: Injected) -> Response:
    return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/version")
def version(services: Injected) -> dict[str, str]:
    settings = services.settings
    return {"version": settings.app_version, "git_sha": settings.git_sha, "environment": settings.environment}


async def _state(check: Awaitable[None], limit: float) -> str:
    """What failed and no more: this page is public, and messages of drivers name hosts and users."""
    try:
        await asyncio.wait_for(check, limit)
    except TimeoutError:
        return "timeout"
    except Exception:
        return "down"
    return "ok"


async def _ask_postgres(settings: Settings) -> None:
    # Its own connection: a pool that is busy means load, not that Postgres is down. And asynchronous, so that one
    # that hangs can be let go of instead of keeping a thread.
    async with await psycopg.AsyncConnection.connect(settings.libpq_url) as connection:
        await connection.execute("SELECT 1")


async def _ask_redis(settings: Settings) -> None:
    async with redis.asyncio.Redis.from_url(settings.redis_url.get_secret_value()) as client:
        await client.ping()
