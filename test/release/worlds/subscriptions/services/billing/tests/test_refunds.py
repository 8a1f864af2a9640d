from httpx import AsyncClient


async def test_a_charge_is_refunded(client: AsyncClient) -> None:
    await client.post("/charges", json={"key": "order-3", "amount": "3"})
    assert (await client.post("/charges/order-3/refund")).json() == {"status": "refunded"}


async def test_an_unknown_charge_cannot_be_refunded(client: AsyncClient) -> None:
    assert (await client.post("/charges/nothing/refund")).status_code == 404


async def test_the_service_tells_health_and_version(client: AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    assert (await client.get("/version")).json() == "unknown"
