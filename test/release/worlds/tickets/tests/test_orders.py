import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def order(client: Client, amount: int, number: str = "T-1"):
    return client.post("/orders", {"number": number, "amount": amount}, content_type="application/json")


def test_an_order_is_made_once(client: Client) -> None:
    assert [order(client, 300).status_code, order(client, 300).status_code] == [201, 200]
    assert client.get("/health").json() == {"orders": 1}


def test_an_order_of_nothing_is_refused(client: Client) -> None:
    assert order(client, 0).status_code == 422
