"""CheckMacValue, written from the provider's description and character by character on purpose."""

import hashlib

_UNESCAPED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!*()")


def encode(text: str) -> str:
    encoded = []
    for byte in text.encode("utf-8"):
        character = chr(byte)
        if character == " ":
            encoded.append("+")
        elif character in _UNESCAPED:
            encoded.append(character)
        else:
            encoded.append(f"%{byte:02x}")
    return "".join(encoded)


def checksum(fields: dict[str, str], hash_key: str, hash_iv: str) -> str:
    names = [name for name in fields if name != "CheckMacValue"]
    names.sort(key=str.casefold)
    parts = [f"HashKey={hash_key}", *(f"{name}={fields[name]}" for name in names), f"HashIV={hash_iv}"]
    return hashlib.sha256(encode("&".join(parts)).lower().encode("ascii")).hexdigest().upper()
