"""Deliveries to the merchant's own systems by the real worker process: signed, retried, given up, never lost."""

import hashlib
import hmac
import json
import random
import time
from itertools import pairwise
from typing import Any

import pytest
import redis

from app.webhooks.backoff import delay_seconds
from tests.support.receiver import Received, Receiver
from tests.support.servers import Process, closed_port
from tests.support.shop import Shop
from tests.support.wait import eventually


def register(shop: Shop, url: str) -> dict[str, Any]:
    return shop.admin("POST", "/admin/webhook-endpoints", json={"url": url}).raise_for_status().json()


def deliveries(shop: Shop, status: str = "") -> list[dict[str, Any]]:
    query = f"?status={status}" if status else ""
    return shop.admin("GET", f"/admin/webhook-deliveries{query}").raise_for_status().json()


def is_signed_with(secret: str, request: Received) -> bool:
    parts = dict(part.split("=", 1) for part in request.headers["X-Payments-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{parts['t']}.".encode() + request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) < 60


def test_a_delivery_is_signed_with_the_secret_of_its_endpoint(shop: Shop, worker: Process, receiver: Receiver) -> None:
    endpoint = register(shop, receiver.url)
    shop.subscribe()
    eventually(lambda: receiver.requests, "the delivery")
    assert is_signed_with(endpoint["secret"], receiver.requests[0])
    assert not is_signed_with("whsec_other", receiver.requests[0])


def test_a_changed_body_no_longer_matches_its_signature(shop: Shop, worker: Process, receiver: Receiver) -> None:
    endpoint = register(shop, receiver.url)
    shop.subscribe()
    sent = eventually(lambda: receiver.requests, "the delivery")[0]
    changed = Received(sent.at, sent.headers, sent.body.replace(b"89900", b"99900"))
    assert changed.body != sent.body and not is_signed_with(endpoint["secret"], changed)


def test_a_successful_delivery_is_sent_once(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    shop.subscribe()
    eventually(lambda: deliveries(shop, "delivered"), "the delivery")
    # The order after it is delivered too, so the worker has been round again since.
    shop.subscribe()
    eventually(lambda: len(deliveries(shop, "delivered")) == 2, "the second delivery")
    ids = [each.headers["X-Payments-Delivery"] for each in receiver.requests]
    assert len(ids) == len(set(ids)) == 2


def test_a_failing_receiver_is_tried_again_until_it_answers(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    receiver.answer(500, 503)
    shop.subscribe()
    delivery = eventually(lambda: deliveries(shop, "delivered"), "the delivery")[0]
    assert [(each["number"], each["status_code"], each["error"]) for each in delivery["attempts"]] == [
        (1, 500, "HTTP 500"),
        (2, 503, "HTTP 503"),
        (3, 200, None),
    ]


def test_every_attempt_carries_the_same_event_and_delivery_and_its_own_number(
    shop: Shop, worker: Process, receiver: Receiver
) -> None:
    register(shop, receiver.url)
    receiver.answer(500, 500)
    shop.subscribe()
    eventually(lambda: len(receiver.requests) == 3, "three attempts")
    assert len({each.json["id"] for each in receiver.requests}) == 1
    assert len({each.headers["X-Payments-Delivery"] for each in receiver.requests}) == 1
    assert [each.headers["X-Payments-Attempt"] for each in receiver.requests] == ["1", "2", "3"]


def test_each_wait_is_at_least_half_of_its_exponential_step(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    receiver.answer(500, 500, 500)
    shop.subscribe()
    eventually(lambda: len(receiver.requests) == 4, "four attempts")
    waits = [later.at - earlier.at for earlier, later in pairwise(receiver.requests)]
    assert all(wait >= step / 2 for wait, step in zip(waits, (0.1, 0.2, 0.4), strict=True)), waits


def test_a_delivery_that_keeps_failing_is_given_up_after_its_last_attempt(
    shop: Shop, worker: Process, receiver: Receiver
) -> None:
    register(shop, receiver.url)
    receiver.always(500)
    shop.subscribe()
    dead = eventually(lambda: deliveries(shop, "dead"), "the delivery is given up")
    assert [each["number"] for each in dead[0]["attempts"]] == [1, 2, 3, 4]
    assert len(receiver.requests) == 4


def test_a_dead_delivery_can_be_revived_and_keeps_its_history(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    receiver.always(500)
    shop.subscribe()
    dead = eventually(lambda: deliveries(shop, "dead"), "the delivery is given up")[0]
    receiver.always(None)
    assert shop.admin("POST", f"/admin/webhook-deliveries/{dead['id']}/retry").status_code == 202
    revived = eventually(lambda: deliveries(shop, "delivered"), "the delivery")[0]
    assert [each["status_code"] for each in revived["attempts"]] == [500, 500, 500, 500, 200]


def test_only_a_dead_delivery_can_be_revived(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    shop.subscribe()
    delivered = eventually(lambda: deliveries(shop, "delivered"), "the delivery")[0]
    assert shop.admin("POST", f"/admin/webhook-deliveries/{delivered['id']}/retry").status_code == 409
    unknown = "00000000-0000-0000-0000-000000000000"
    assert shop.admin("POST", f"/admin/webhook-deliveries/{unknown}/retry").status_code == 404


def test_a_receiver_that_is_not_there_is_tried_again_like_one_that_fails(shop: Shop, worker: Process) -> None:
    register(shop, f"http://127.0.0.1:{closed_port()}")
    shop.subscribe()
    dead = eventually(lambda: deliveries(shop, "dead"), "the delivery is given up")[0]
    assert {(each["status_code"], each["error"]) for each in dead["attempts"]} == {(None, "ConnectError")}


def test_a_redirect_is_a_failure_and_is_not_followed(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    receiver.answer(307)
    shop.subscribe()
    delivery = eventually(lambda: deliveries(shop, "delivered"), "the delivery")[0]
    assert [each["error"] for each in delivery["attempts"]] == ["HTTP 307", None]
    assert len(receiver.requests) == 2


def test_every_endpoint_gets_its_own_delivery_and_one_failing_does_not_hold_up_the_other(
    shop: Shop, worker: Process, receiver: Receiver
) -> None:
    register(shop, f"http://127.0.0.1:{closed_port()}")
    register(shop, receiver.url)
    shop.subscribe()
    eventually(lambda: receiver.requests, "the reachable one gets its delivery")
    eventually(lambda: deliveries(shop, "dead"), "the other is given up")
    assert len(deliveries(shop)) == 2


def test_a_removed_endpoint_hears_nothing_more(shop: Shop, worker: Process, receiver: Receiver) -> None:
    endpoint = register(shop, receiver.url)
    path = f"/admin/webhook-endpoints/{endpoint['id']}"
    assert shop.admin("DELETE", path).status_code == 204
    shop.subscribe()
    assert deliveries(shop) == [] and receiver.requests == []
    assert shop.admin("DELETE", path.replace(endpoint["id"][:8], "00000000")).status_code == 404


def test_a_job_lost_with_redis_is_found_by_the_sweep(
    shop: Shop, start_shop, worker: Process, receiver: Receiver
) -> None:
    register(shop, receiver.url)
    without_redis = start_shop(redis_url=f"redis://127.0.0.1:{closed_port()}/0")
    order = shop.order()
    shop.sandbox.faults(silent=True)
    shop.pay(order.trade_no)
    answer = without_redis.admin("POST", f"/admin/orders/{order.trade_no}/reconcile")
    assert answer.json() == {"outcome": "paid"}
    eventually(lambda: receiver.requests, "the sweep delivers it")


def test_a_job_handed_out_twice_is_one_delivery(
    shop: Shop, worker: Process, receiver: Receiver, redis_client: redis.Redis
) -> None:
    register(shop, receiver.url)
    for _ in range(5):
        shop.subscribe()
    eventually(lambda: len(deliveries(shop, "delivered")) == 5, "all deliveries")
    assert len({each.headers["X-Payments-Delivery"] for each in receiver.requests}) == len(receiver.requests) == 5


def test_a_failed_payment_is_told_with_its_code(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    order = shop.order()
    shop.pay(order.trade_no, "4311952222220002")
    event = eventually(lambda: receiver.events("payment.failed"), "the event")[0].json
    assert (event["data"]["code"], event["data"]["subscription_id"]) == ("10100248", order.subscription_id)


def test_a_body_is_compact_json_with_an_id_a_type_and_a_time(shop: Shop, worker: Process, receiver: Receiver) -> None:
    register(shop, receiver.url)
    shop.subscribe()
    body = eventually(lambda: receiver.requests, "the delivery")[0].body
    assert set(json.loads(body)) == {"id", "type", "created_at", "data"}
    assert b": " not in body


@pytest.mark.parametrize("url", ["ftp://example.com", "javascript:alert(1)", "", "http:///x", "example.com"])
def test_only_http_addresses_can_be_registered(shop: Shop, url: str) -> None:
    assert shop.admin("POST", "/admin/webhook-endpoints", json={"url": url}).status_code == 422


def test_steps_double_up_to_the_cap() -> None:
    lowest = [delay_seconds(attempt, 1, 60, _Fixed(0.0)) for attempt in range(1, 9)]
    assert lowest == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_jitter_spreads_retries_over_half_a_step() -> None:
    rng = random.Random(7)
    delays = [delay_seconds(3, 1, 60, rng) for _ in range(500)]
    assert 2 <= min(delays) < 2.1 and 3.9 < max(delays) <= 4
    assert len(set(delays)) == 500


class _Fixed(random.Random):
    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def random(self) -> float:
        return self._value
