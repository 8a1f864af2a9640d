"""What went wrong, and where in the app's own code: from whatever pytest has about it."""

import os
import re

from tollgate_redact import Redactor

LONGEST = 20_000

redactor = Redactor.from_environment()


def cut(text):
    # before the cut: half a secret would not be known as one
    text = redactor.text(text)
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return text[:half] + "\n… cut: %d characters …\n" % (len(text) - LONGEST) + text[-half:]


# where the driver started the runner: node ids are relative to pytest's rootdir, which is not always this folder
APP = os.environ.get("TOLLGATE_APP") or os.getcwd()
# pytest names files relative to this, whatever folder a test works in
START = os.getcwd()
_INSTALLED = re.compile(r"[/\\](site-packages|dist-packages|node_modules|\.tox|\.nox|\.venv|venv)[/\\]")
_SHORT = re.compile(r"^([^\s:]+):(\d+): in ", re.MULTILINE)
_NATIVE = re.compile(r'^ *File "([^"]+)", line (\d+)', re.MULTILINE)


def from_app(path, base):
    absolute = os.path.normpath(os.path.join(base, path))
    return os.path.relpath(absolute, APP) if (absolute + os.sep).startswith(APP + os.sep) else absolute


def path_of(node):
    """The file of a test or a collector; pytest before 7 has no `path`."""
    path = getattr(node, "path", None) or getattr(node, "fspath", None)
    return None if path is None else str(path)


def is_own(path):
    """Whether a file is the app's own, and not a package that is installed inside its folder."""
    absolute = os.path.normpath(os.path.join(START, path))
    inside = absolute.startswith(APP + os.sep)
    return inside and not _INSTALLED.search(absolute[len(APP) :])


def is_installed(path):
    return _INSTALLED.search(path) is not None


def _own_frame(longrepr, text):
    """The last frame in the app's own code: where a library raised says little about who called it."""
    entries = getattr(getattr(longrepr, "reprtraceback", None), "reprentries", None) or []
    located = [getattr(entry, "reprfileloc", None) for entry in entries]
    frames = [(str(one.path), int(one.lineno)) for one in located if one is not None]
    # --tb=native and errors of a collection have no more than a text
    frames = frames or [(path, int(line)) for one in (_NATIVE, _SHORT) for path, line in one.findall(text)]
    return next((frame for frame in reversed(frames) if is_own(frame[0])), None)


def problem_of(report_or_repr, where=None, line=None):
    """What a person reads first about a failure, from whatever pytest has; without a frame of the app's it is at its test."""
    longrepr = getattr(report_or_repr, "longrepr", report_or_repr)
    text = getattr(report_or_repr, "longreprtext", None) or str(longrepr)
    crash = getattr(longrepr, "reprcrash", None)
    own = _own_frame(longrepr, text)
    if crash is not None:
        message = crash.message
        at_crash = (crash.path, crash.lineno)
        path, line = own or (at_crash if is_own(crash.path) or not where else (where, line))
    else:
        path, line = own or (where, line)
        errors = [entry[2:] for entry in text.splitlines() if entry.startswith("E ")]
        filled = [entry for entry in text.splitlines() if entry.strip()]
        message = (errors or filled or [""])[-1].strip()
    if path:
        path = from_app(path, START)
    return {"message": cut(message), "file": path, "line": line, "traceback": cut(text)}


def problem_in(message, text, file=None, line=None):
    """The same, where there is no more than a text; `file` and `line` are where the message says that it is."""
    own = _own_frame(None, text) or ((file, line) if file is not None and is_own(file) else (None, None))
    path = None if own[0] is None else from_app(own[0], START)
    return {"message": cut(message), "file": path, "line": own[1], "traceback": cut(text)}
