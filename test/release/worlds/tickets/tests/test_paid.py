import pytest
from django.test import Client
from orders.models import Order

pytestmark = pytest.mark.django_db


def test_an_order_is_paid_once_however_often_the_provider_says_so(client: Client) -> None:
    Order.objects.create(number="T-1", amount=300)
    assert client.post("/orders/T-1/paid").content == b"1|OK"
    first = Order.objects.get(number="T-1").paid_at
    assert client.post("/orders/T-1/paid").content == b"1|OK"
    assert first is not None and Order.objects.get(number="T-1").paid_at == first


def test_an_unknown_order_is_not_paid(client: Client) -> None:
    assert client.post("/orders/T-9/paid").status_code == 404


def test_the_service_tells_its_version(client: Client) -> None:
    assert client.get("/version").content == b"unknown"
