"""The API. Served by `python -m app.serve`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.errors import add_error_handlers
from app.logs import configure_logging
from app.middleware import RequestMiddleware
from app.routes import admin, checkout, ecpay, operations, pages, subscriptions
from app.sentry import configure_sentry
from app.services import Services
from app.settings import Settings, get_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()
    configure_logging(settings)
    configure_sentry(settings)
    built = Services.build(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await built.close()

    app = FastAPI(title="Payments", version=settings.app_version, lifespan=lifespan)
    app.state.services = built
    app.add_middleware(RequestMiddleware, settings=settings, metrics=built.metrics)
    add_error_handlers(app)
    for routes in (operations, pages, checkout, ecpay, subscriptions, admin):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return app
