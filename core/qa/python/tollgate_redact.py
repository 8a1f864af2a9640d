"""Keeps the values of secrets out of everything a suite leaves behind."""

import base64
import html
import json
import os
import urllib.parse

MASK = "***"
# What the gate compares or counts by: masking a user named "payments" in test_payments.py would make green red. A test's
# parameters, which stand in brackets at the end of its id, are masked all the same.
STRUCTURE = {
    "at",
    "coverageFiles",
    "deselected",
    "event",
    "file",
    "files",
    "id",
    "ids",
    "imported",
    "kind",
    "missingFiles",
    "narrowed",
    "outcome",
    "phase",
    "removed",
    "role",
    "running",
    "selected",
    "signal",
    "startedAt",
    "status",
    "suite",
}
# A shorter value would mask ordinary words all over a report without protecting anything.
SHORTEST = 6


def _forms(value):
    raw = value.encode("utf-8", "surrogateescape")
    yield value
    # base64 of the value alone; with other bytes before it the alignment differs, so the three alignments' stable middles
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        stable = encoded[{0: 0, 1: 2, 2: 3}[shift] :].rstrip("=")
        # the last character carries bits of what would follow
        stable = stable if (len(raw) + shift) % 3 == 0 else stable[:-1]
        yield stable
        yield stable.replace("+", "-").replace("/", "_")
    yield urllib.parse.quote(value, safe="")
    yield urllib.parse.quote(value)
    yield urllib.parse.quote_plus(value)
    yield urllib.parse.quote(value, safe="").replace("%", "%25")
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value)[1:-1].replace("/", "\\/")
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield html.escape(value)
    yield html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield raw.hex()
    if "\n" in value:
        for line in value.splitlines():
            yield line.strip()


class Redactor:
    def __init__(self, values):
        forms = set()
        for value in values:
            if len(value) >= SHORTEST:
                forms.update(form for form in _forms(value) if len(form) >= SHORTEST)
        # ECPay's CheckMacValue lower-cases what it has URL-encoded
        forms.update([form.lower() for form in forms])
        # the longest first: a form may contain a shorter one
        self._forms = sorted(forms, key=len, reverse=True)
        self._bytes = [form.encode("utf-8", "surrogateescape") for form in self._forms]

    @classmethod
    def from_environment(cls, environ=os.environ):
        names = [name for name in environ.get("TOLLGATE_SECRETS", "").split(",") if name]
        return cls([environ[name] for name in names if name in environ])

    def text(self, text):
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def data(self, data):
        for form in self._bytes:
            if form in data:
                data = data.replace(form, MASK.encode())
        return data

    def _structure(self, value):
        if isinstance(value, str):
            name, bracket, parameters = value.partition("[")
            return name + bracket + self.text(parameters)
        return [self._structure(item) for item in value] if isinstance(value, list) else value

    def tree(self, value):
        """The same for every string in JSON-like data."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        if isinstance(value, dict):
            return {key: self._structure(item) if key in STRUCTURE else self.tree(item) for key, item in value.items()}
        return value
