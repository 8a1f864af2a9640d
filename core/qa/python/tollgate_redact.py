"""Keeps the values of secrets out of everything a suite leaves behind: the same forms as core/secrets/redact.ts."""

import base64
import os
import re

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
# Shorter values are not redacted: every text has such words and figures.
SHORTEST = 4
# Shorter values are masked only as whole words.
WITHIN_WORDS = 6
# Values that keep nothing secret, whatever their variable is called.
ORDINARY = re.compile("true|false|null|none", re.IGNORECASE)
# A longer value is masked in pieces, so that a part of it does not stay.
PIECE = 96

# Percent-encoding, HTML's references, backslashes; blanks and the ends of lines, with which long values are wrapped.
_HEX = "[0-9a-fA-F]"
_MORE = "%[89abAB]" + _HEX
_HALF = r"\\+u[dD]%s" + _HEX * 2
_ENCODED = re.compile(
    "|".join(
        [
            "%[0-7]" + _HEX,
            "%[cCdD]" + _HEX + _MORE,
            "%[eE]" + _HEX + _MORE * 2,
            "%[fF][0-7]" + _MORE * 3,
            r"&#(?:[0-9]{1,7}|[xX]" + _HEX + "{1,6});",
            "&(?:amp|lt|gt|quot|apos);",
            # two halves of a character beyond the first plane
            _HALF % "[89abAB]" + _HALF % "[c-fC-F]",
            r"\\+(?:u" + _HEX + "{4}|U" + _HEX + "{8}|x" + _HEX + "{2}|[nrt])?",
            r"=\r?\n",
            r"[\s+]+",
        ]
    )
)
_PERHAPS = re.compile(r"[%&\\\s+]")
_REFERENCES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
# An encoding within an encoding, at most as often.
_DEEPEST = 5


def _character(code):
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _decoded(written):
    first = written[0]
    if first == "%":
        return bytes.fromhex(written.replace("%", "")).decode("utf-8", "replace")
    if first == "&":
        number = written[2:-1]
        return _REFERENCES.get(written) or _character(int(number[1:], 16) if number[0] in "xX" else int(number))
    if first == "\\":
        name = written.lstrip("\\")
        if len(name) > 9:
            halves = [int(half, 16) for half in re.findall("u(.{4})", name)]
            return chr(0x10000 + ((halves[0] & 0x3FF) << 10) + (halves[1] & 0x3FF))
        return _CONTROLS.get(name, _character(int(name[1:], 16)) if len(name) > 1 else name)
    return ""


def _plain(text):
    """The text in one form, whichever of several encodings it has, and where each of its characters begins and ends."""
    places = None
    for _ in range(_DEEPEST):
        if not _PERHAPS.search(text):
            break
        parts, begins, ends, read = [], [], [], 0
        for found in _ENCODED.finditer(text):
            start, stop = found.span()
            meant = _decoded(found.group())
            parts += [text[read:start], meant]
            begins += range(read, start)
            ends += range(read + 1, start + 1)
            begins += [start] * len(meant)
            ends += [stop] * len(meant)
            read = stop
        parts.append(text[read:])
        begins += range(read, len(text))
        ends += range(read + 1, len(text) + 1)
        if places is not None:
            begins = [places[0][at] for at in begins]
            ends = [places[1][at - 1] for at in ends]
        after = "".join(parts)
        places, same, text = (begins, ends), after == text, after
        if same:
            break
    return text, places


_WRAPPED = re.compile(r"\\+\s+|=\r?\n")


def _plain_text(text):
    """The text alone, many times faster."""
    text = _WRAPPED.sub("", text) if "\\" in text or "=" in text else text
    for _ in range(_DEEPEST):
        text = "".join(text.replace("+", " ").split())
        if "%" not in text and "&" not in text and "\\" not in text:
            break
        text = _ENCODED.sub(lambda found: _decoded(found.group()), text)
    return text


def _pieces(value):
    lines = [value] + ([line.strip() for line in value.splitlines()] if "\n" in value else [])
    for line in lines + _passwords(value):
        count = max(1, len(line) // PIECE)
        for at in range(count):
            yield line[at * PIECE : None if at == count - 1 else (at + 1) * PIECE]


def _passwords(value):
    found = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}://([^\s:/?#@]{0,200}):([^\s/?#]{6,500})@", value)
    return [] if found is None or found[1] == found[2] else [found[2], _plain(found[2])[0]]


def _forms(value):
    raw = value.encode("utf-8", "surrogateescape")
    yield value
    # ECPay's CheckMacValue lower-cases what it has URL-encoded
    yield value.lower()
    # base64 of the value alone; with other bytes before it the alignment differs, so the three alignments' stable middles
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        stable = encoded[{0: 0, 1: 2, 2: 3}[shift] :].rstrip("=")
        # the last character carries bits of what would follow
        stable = stable if (len(raw) + shift) % 3 == 0 else stable[:-1]
        yield stable
        yield stable.replace("+", "-").replace("/", "_")
    yield raw.hex()
    yield raw.hex().upper()


def _spans(text, values):
    for value in values:
        at = text.find(value)
        while at >= 0:
            yield at, at + len(value)
            at = text.find(value, at + len(value))


def _is_word(text, start, end):
    def within(one):
        return one.isalnum() or one == "_"

    before, after = text[start - 1 : start], text[end : end + 1]
    return not (within(before) or within(after) or "\n" in text[start:end])


class Redactor:
    def __init__(self, values):
        pieces = {one for value in values for one in _pieces(value)}
        pieces = {one for one in pieces if len(one.strip()) >= SHORTEST and not ORDINARY.fullmatch(one)}
        words = {one for one in pieces if len(one) < WITHIN_WORDS}
        forms = {form for one in pieces - words for form in _forms(one) if len(form) >= WITHIN_WORDS}
        self._written = (forms, words)
        self._plain = tuple(
            {one for one in (_plain(form)[0] for form in of) if len(one) >= SHORTEST} for of in self._written
        )

    @classmethod
    def from_environment(cls, environ=os.environ):
        names = [name for name in environ.get("TOLLGATE_SECRETS", "").split(",") if name]
        return cls([environ[name] for name in names if name in environ])

    def text(self, text):
        spans = self._found(text, self._written, None, text)
        plain = _plain_text(text)
        if any(form in plain for of in self._plain for form in of):
            plain, places = _plain(text)
            spans += self._found(plain, self._plain, places, text)
        if not spans:
            return text
        parts, read = [], 0
        for start, end in sorted(spans):
            if start > read or not parts:
                parts += [text[read:start], MASK]
            # a value that is wrapped over two lines is masked on both
            parts += [line + MASK for line in re.findall(r"\r?\n", text[max(start, read) : end])]
            read = max(read, end)
        return "".join(parts) + text[read:]

    @staticmethod
    def _found(text, values, places, original):
        def placed(span):
            return span if places is None else (places[0][span[0]], places[1][span[1] - 1])

        forms, words = values
        found = [placed(span) for span in _spans(text, forms)]
        return found + [span for span in map(placed, _spans(text, words)) if _is_word(original, *span)]

    def data(self, data):
        if not any(self._written):
            return data
        text = data.decode("utf-8", "surrogateescape")
        clean = self.text(text)
        return data if clean == text else clean.encode("utf-8", "surrogateescape")

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
