import asyncio

import pytest
from httpx import AsyncClient


async def test_an_order_is_charged_once_however_often_it_is_sent(client: AsyncClient) -> None:
    order = {"key": "order-1", "amount": "12.50"}
    answers = await asyncio.gather(*(client.post("/charges", json=order) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["cents"] for answer in answers} == {1250}
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize("amount", ["1.005", "0.001"])
async def test_a_fraction_of_a_cent_is_refused(client: AsyncClient, amount: str) -> None:
    answer = await client.post("/charges", json={"key": "order-2", "amount": amount})
    assert answer.status_code == 422
    assert "more than two places" in answer.json()["detail"]
