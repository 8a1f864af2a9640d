def test_an_order_is_placed_once(client):
    order = {"number": "W-1", "cents": 900}
    assert [client.post("/api/orders", json=order).status_code for _ in range(2)] == [201, 200]


def test_an_order_of_nothing_is_refused(client):
    assert client.post("/api/orders", json={"number": "W-1", "cents": 0}).status_code == 422
