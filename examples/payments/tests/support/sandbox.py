"""Telling the ECPay sandbox what to do."""

from typing import Any

import httpx


class Sandbox:
    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(
            base_url=url, timeout=60, verify=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def faults(self, **faults: Any) -> None:
        self._ask("POST", "/_admin/faults", json=faults)

    def reset(self) -> None:
        self._ask("POST", "/_admin/reset")

    def order(self, trade_no: str) -> dict[str, Any]:
        return self._ask("GET", "/_admin/state")["orders"][trade_no]

    def calls(self, path: str) -> list[dict[str, str]]:
        return [call["form"] for call in self._ask("GET", "/_admin/state")["calls"] if call["path"] == path]

    def client_ports(self, path: str) -> list[int]:
        """One per connection the calls came over."""
        return [call["port"] for call in self._ask("GET", "/_admin/state")["calls"] if call["path"] == path]

    def charge(self, trade_no: str, succeed: bool = True) -> dict[str, Any]:
        return self._ask("POST", f"/_admin/charge/{trade_no}", params={"succeed": succeed})

    def notify(self, trade_no: str) -> list[str]:
        return self._ask("POST", f"/_admin/notify/{trade_no}")["answers"]

    def close(self) -> None:
        self._http.close()

    def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        return self._http.request(method, path, **arguments).raise_for_status().json()
