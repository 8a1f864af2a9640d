"""Why something of the app failed: the revision, the last line of the app's own code, and the cause in the words of the program that refused."""

import os
import re
import traceback

from tollgate_config import ROOT, not_given, relative

LIBRARY = re.compile(r"(^|/)(site-packages|dist-packages|\.?venv|env|node_modules|lib/python3[^/]*)/")
LONGEST = 8000


def failure(error, files, at=None):
    """`files`: each revision's by its path; `at`: the revision that was being run."""
    frames = frames_of(error)
    own = [(relative(path), line) for path, line in frames if is_own(path)]
    inside = [files[path] for path, _ in frames if path in files]
    file, line = own[-1] if own else (None, None)
    revision = inside[-1] if inside else at
    message = without_arguments(error) if not_given and revision is None else cause(error)
    return {"message": message[:LONGEST], "revision": revision, "file": file, "line": line}


def frames_of(error):
    """Of what was raised last; what it was raised from counts where that has no frame of the app."""
    for one in chain(error):
        frames = [(os.path.realpath(frame.filename), frame.lineno) for frame in traceback.extract_tb(one.__traceback__)]
        if any(is_own(path) for path, _ in frames):
            return frames
    return []


def is_own(path):
    root = os.path.realpath(ROOT)
    # code that a library made up has no file
    return path.startswith(root + os.sep) and os.path.isfile(path) and LIBRARY.search(path[len(root) :]) is None


def chain(error):
    seen = []
    while error is not None and not any(error is one for one in seen):
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def cause(error):
    """The database's own words where it refused; all that is missing where settings were checked; what was raised otherwise."""
    by_database = [one for one in chain(error) if sqlstate_of(one) is not None]
    if by_database:
        return of_database(by_database[-1])
    settings = next((text for text in map(of_settings, chain(error)) if text is not None), None)
    return settings if settings is not None else f"{type(error).__name__}: {error}".strip()


def without_arguments(error):
    """Why env.py failed that had looked for -x arguments which it was not given."""
    asked = ", ".join(f"-x {name}" for name in dict.fromkeys(not_given))
    missing = isinstance(error, KeyError) and error.args == (not_given[-1],)
    return (
        f"it asks for {asked}, which database.x does not have"
        if missing
        else f"{cause(error)} (it asked for {asked}, which database.x does not have)"
    )


def of_database(error):
    original = getattr(error, "orig", None) or error
    # the mark below LINE means nothing where lines are wrapped
    parts = ["\n".join(line for line in str(original).strip().splitlines() if line.strip() not in ("", "^"))]
    # asyncpg keeps them apart, and not in the message
    for name in ("detail", "hint"):
        value = getattr(original, name, None)
        if isinstance(value, str) and value.strip() and value not in parts[0]:
            parts.append(f"{name.upper()}: {value.strip()}")
    return "\n".join(parts)


def of_settings(error):
    """A settings class that checks itself says with each value what is wrong with it: the values are left out."""
    listed = getattr(error, "errors", None)
    if not callable(listed) or type(error).__name__ != "ValidationError":
        return None
    try:
        found = [f"{'.'.join(str(part) for part in one['loc']) or 'value'}: {one['msg']}" for one in listed()]
    except Exception:
        return None
    title = getattr(error, "title", None)
    named = f" for {title}" if isinstance(title, str) else ""
    return f"{len(found)} validation {'error' if len(found) == 1 else 'errors'}{named}: {'; '.join(found)}"


def sqlstate_of(error):
    for candidate in (error, getattr(error, "orig", None)):
        for name in ("sqlstate", "pgcode"):
            value = getattr(candidate, name, None)
            if isinstance(value, str):
                return value
    return None


def sqlstate_in(error):
    return next((state for state in map(sqlstate_of, chain(error)) if state is not None), None)
