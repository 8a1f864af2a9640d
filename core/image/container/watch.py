"""Observes a service that supervise.sh runs in another container, until it works or has failed.

usage: watch.py HOST PORT PATH START_TIMEOUT SETTLE BEFORE_TIMEOUT STATE_PORT HAS_HEALTHCHECK

Requests the health path from outside, as users will, and prints one JSON object. Times are in seconds.
"""

import http.client
import json
import sys
import time
import urllib.error
import urllib.request

HOST, PORT, PATH = sys.argv[1], int(sys.argv[2]), sys.argv[3]
START_TIMEOUT, SETTLE, BEFORE_TIMEOUT = (float(text) for text in sys.argv[4:7])
STATE_PORT = int(sys.argv[7])
HAS_HEALTHCHECK = sys.argv[8] == "yes"
TAIL = 20_000
STEP = 0.2
MIN_REQUESTS = 12


def state(name):
    """A file of the supervisor; None while it does not exist."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{STATE_PORT}/{name}", timeout=10) as answer:
            return answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError:
        return None


def ask():
    """One request for the health path. Like a load balancer, it does not follow redirects."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=5)
    try:
        connection.request(
            "GET", PATH, headers={"Host": f"{HOST}:{PORT}", "User-Agent": "tollgate", "Connection": "close"}
        )
        answer = connection.getresponse()
        seen = {"kind": "answered", "status": answer.status, "body": answer.read(2000).decode("utf-8", "replace")}
        # without its query, which may hold a token
        location = (answer.getheader("Location") or "").split("?")[0][:300]
        return {**seen, "location": location} if location else seen
    except ConnectionRefusedError:
        return {"kind": "refused"}
    except TimeoutError:
        return {"kind": "timed-out"}
    except (OSError, http.client.HTTPException) as error:
        return {"kind": "broken", "why": f"{type(error).__name__}: {error}"}
    finally:
        connection.close()


def pair(text):
    if text is None:
        return None
    first, second = text.split()
    return first, float(second)


def main():
    seen = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "beforeFailed": None,
        "beforeTimedOut": False,
        "exit": None,
        "answer": None,
        "answeredAfter": None,
        "healthcheck": None,
        "healthyAfter": None,
        "listening": [],
        "settled": 0.0,
        "output": "",
    }
    begin = time.monotonic()
    started = None
    while started is None:
        failed = state("before-failed")
        if failed is not None:
            index, code = failed.split()
            seen["beforeFailed"] = {"index": int(index), "code": int(code)}
            return finish(seen)
        text = state("started")
        if text is not None:
            started = float(text)
        elif time.monotonic() - begin > BEFORE_TIMEOUT:
            seen["beforeTimedOut"] = True
            return finish(seen)
        else:
            time.sleep(STEP)

    # both containers share the machine's clock
    deadline = started + START_TIMEOUT
    while True:
        ended = pair(state("exit"))
        seen["answer"] = ask() if ended is None else seen["answer"]
        answered = ended is None and good(seen["answer"])
        if answered and seen["answeredAfter"] is None:
            seen["answeredAfter"] = round(uptime() - started, 2)
        health = pair(state("health")) if HAS_HEALTHCHECK else None
        if health is not None:
            seen["healthcheck"] = {"code": int(health[0]), "output": (state("health-output") or "")[-2000:]}
        if ended is not None:
            seen["exit"] = {"code": int(ended[0]), "after": round(ended[1] - started, 2)}
            return finish(seen)
        if answered and (not HAS_HEALTHCHECK or (health is not None and health[0] == "0")):
            seen["healthyAfter"] = round(uptime() - started, 2)
            break
        if uptime() > deadline:
            return finish(seen)
        time.sleep(STEP)

    healthy = uptime()
    requests = 0
    # on a busy machine, few requests fit into these seconds
    while uptime() - healthy < SETTLE or requests < MIN_REQUESTS:
        time.sleep(STEP)
        requests += 1
        ended = pair(state("exit"))
        if ended is not None:
            seen["exit"] = {"code": int(ended[0]), "after": round(ended[1] - started, 2)}
            break
        answer = ask()
        if not good(answer):
            # the process may be exiting: its exit code is the better cause
            time.sleep(1)
            ended = pair(state("exit"))
            if ended is not None:
                seen["exit"] = {"code": int(ended[0]), "after": round(ended[1] - started, 2)}
            seen["answer"] = answer
            break
    seen["settled"] = round(uptime() - healthy, 2)
    return finish(seen)


def good(answer):
    return answer["kind"] == "answered" and 200 <= answer["status"] < 300


def uptime():
    with open("/proc/uptime") as file:
        return float(file.read().split()[0])


def finish(seen):
    before = set((state("listening.before") or "").split())
    seen["listening"] = [
        address
        for address in (state("listening") or "").split()
        if address not in before and not address.endswith(f":{STATE_PORT:04X}")
    ]
    seen["output"] = (state("output") or "")[-TAIL:]
    json.dump(seen, sys.stdout)


main()
