from collections.abc import AsyncIterator

import pytest
from billing.app import app
from billing.database import engine
from httpx import ASGITransport, AsyncClient


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://billing") as client:
        yield client
    await engine.dispose()
