def test_a_placed_order_is_paid(client):
    client.post("/api/orders", json={"number": "W-1", "cents": 900})
    assert client.post("/api/orders/W-1/paid").data == b"1|OK"


def test_an_unknown_order_is_not_paid(client):
    assert client.post("/api/orders/W-9/paid").status_code == 404


def test_health_and_version_are_told(client):
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/version").data == b"unknown"
