import pytest
from shop import orders
from shop.app import app


@pytest.fixture
def client():
    orders.create_table()
    with orders.connect() as connection:
        connection.execute("TRUNCATE orders")
    return app.test_client()
