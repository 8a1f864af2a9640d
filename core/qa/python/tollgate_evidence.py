"""A pytest plugin: writes, from inside each pytest process, what it collected, ran and found.

One file of JSON lines per process, appended and flushed as things happen, so that a process that is killed leaves all
it had done and visibly lacks its end. Nothing here decides: `tollgate_suite.py` folds the lines, the gate judges them.
"""

import inspect
import json
import os
import platform
import re
import sys
import time
import unittest
import uuid

import pytest

import tollgate_unhandled
from tollgate_redact import Redactor

LONGEST = 20_000

_redactor = Redactor.from_environment()


def _cut(text):
    # before the cut: half a secret would not be known as one
    text = _redactor.text(text)
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


def _from_app(path, base):
    absolute = os.path.normpath(os.path.join(base, path))
    return os.path.relpath(absolute, APP) if (absolute + os.sep).startswith(APP + os.sep) else absolute


def _path_of(node):
    """The file of a test or a collector; pytest before 7 has no `path`."""
    path = getattr(node, "path", None) or getattr(node, "fspath", None)
    return None if path is None else str(path)


class Record:
    """The open file of this process's record."""

    def __init__(self, folder):
        # bound now: a test may have replaced them when its report arrives
        self._getpid, self._write, self._dumps = os.getpid, os.write, json.dumps
        self._pid = os.getpid()
        path = os.path.join(folder, "%d-%s.jsonl" % (self._pid, uuid.uuid4().hex[:8]))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, event, **data):
        # a forked child inherits the descriptor; what it does is not this process's
        if self._getpid() != self._pid:
            return
        line = self._dumps(_redactor.tree(dict(data, event=event)), ensure_ascii=True)
        self._write(self._file, line.encode("ascii") + b"\n")


def _own(path):
    """Whether a file is the app's own, and not a package that is installed inside its folder."""
    absolute = os.path.normpath(os.path.join(START, path))
    inside = absolute.startswith(APP + os.sep)
    return inside and not _INSTALLED.search(absolute[len(APP) :])


def _own_frame(longrepr, text):
    """The last frame in the app's own code: where a library raised says little about who called it."""
    entries = getattr(getattr(longrepr, "reprtraceback", None), "reprentries", None) or []
    located = [getattr(entry, "reprfileloc", None) for entry in entries]
    frames = [(str(one.path), int(one.lineno)) for one in located if one is not None]
    # --tb=native and errors of a collection have no more than a text
    frames = frames or [(path, int(line)) for one in (_NATIVE, _SHORT) for path, line in one.findall(text)]
    return next((frame for frame in reversed(frames) if _own(frame[0])), None)


def _problem(report_or_repr, where=None, line=None):
    """What a person reads first about a failure, from whatever pytest has; without a frame of the app's it is at its test."""
    longrepr = getattr(report_or_repr, "longrepr", report_or_repr)
    text = getattr(report_or_repr, "longreprtext", None) or str(longrepr)
    crash = getattr(longrepr, "reprcrash", None)
    own = _own_frame(longrepr, text)
    if crash is not None:
        message = crash.message
        at_crash = (crash.path, crash.lineno)
        path, line = own or (at_crash if _own(crash.path) or not where else (where, line))
    else:
        path, line = own or (where, line)
        errors = [entry[2:] for entry in text.splitlines() if entry.startswith("E ")]
        filled = [entry for entry in text.splitlines() if entry.strip()]
        message = (errors or filled or [""])[-1].strip()
    if path:
        path = _from_app(path, START)
    return {"message": _cut(message), "file": path, "line": line, "traceback": _cut(text)}


def _never_awaited(item):
    case = getattr(item, "cls", None)
    if case is None or not issubclass(case, unittest.TestCase) or issubclass(case, unittest.IsolatedAsyncioTestCase):
        return False
    return inspect.iscoroutinefunction(getattr(item, "obj", None))


class Evidence:
    def __init__(self, record):
        self.record = record
        self.root = os.getcwd()
        self.candidates = {}
        self.said = set()
        self.deselected = []  # kept alive: self.said has their identities
        self.raised = {}
        self.known = {}  # paths, and whether they exist
        self.collected = {}  # the report of a collection, by identity: what it is about
        self.current = None
        self.stop_listening = tollgate_unhandled.listen(self.unhandled)

    def unhandled(self, kind, who, exception, text):
        name = type(exception).__name__
        message = "%s: %s" % (name, exception) if str(exception) else name
        frames = [(path, int(line)) for path, line in _NATIVE.findall(text) if _own(path)]
        path, line = frames[-1] if frames else (None, None)
        problem = {
            "message": _cut(message),
            "file": _from_app(path, START) if path else None,
            "line": line,
            "traceback": _cut(text),
        }
        test = None if self.current is None else self.id_of_node(self.current)
        self.record.write("unhandled", kind=kind, who=who, test=test, problem=problem)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message, nodeid):
        text = str(warning_message.message)
        if (
            issubclass(warning_message.category, RuntimeWarning)
            and text.startswith("coroutine ")
            and "was never awaited" in text
        ):
            path = str(warning_message.filename)
            problem = {"message": text.splitlines()[0], "file": None, "line": None, "traceback": text}
            if _own(path):
                problem.update(file=_from_app(path, START), line=warning_message.lineno)
            test = None if self.current is None else self.id_of_node(self.current)
            self.record.write("unhandled", kind="coroutine", who="", test=test, problem=problem)

    def id_of(self, nodeid, path=None, location=None):
        """With a rootdir that does not hold the tests (-c ci/pytest.ini), the file of a node id is empty or another's."""
        file, separator, rest = nodeid.partition("::")
        named = os.path.normpath(os.path.join(self.root, file)) if file else None
        if path is None and location is not None and (named is None or not self.exists(named)):
            path = os.path.join(self.root, location[0])
        if path is not None:
            file = _from_app(path, self.root)
        elif named is not None:
            file = _from_app(named, self.root)
        return file + separator + rest

    def exists(self, path):
        if path not in self.known:
            self.known[path] = os.path.exists(path)
        return self.known[path]

    def id_of_node(self, node):
        return self.id_of(node.nodeid, _path_of(node))

    def id_of_running(self, nodeid, location):
        current = self.current
        return self.id_of(
            nodeid, _path_of(current) if current is not None and current.nodeid == nodeid else None, location
        )

    # pytest-cov would replace the coverage that is already measuring this process, and its --cov-fail-under judges one
    # suite by a threshold meant for all of them
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config):
        self.root = str(getattr(early_config, "rootpath", None) or early_config.rootdir)
        if hasattr(early_config.known_args_namespace, "no_cov"):
            early_config.known_args_namespace.no_cov = True
        yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        # by identity: xdist's loadgroup and many a conftest rename what they keep
        before = [(item, self.id_of_node(item)) for item in items]
        yield
        kept = {id(item) for item in items}
        gone = [name for item, name in before if id(item) not in kept and id(item) not in self.said]
        # what the arguments left out of the files they name (tests/test_a.py::test_one)
        reached = set()
        for item, _ in before:
            reached.update(id(node) for node in item.listchain())
        narrowed = [name for key, (node, name) in self.candidates.items() if key not in reached]
        selected = [self.id_of_node(item) for item in items]
        self.record.write("collected", removed=gone, narrowed=narrowed, selected=selected)

    @pytest.hookimpl(tryfirst=True)
    def pytest_deselected(self, items):
        self.said.update(id(item) for item in items)
        self.deselected.extend(items)
        self.record.write("deselected", ids=[self.id_of_node(item) for item in items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector):
        if isinstance(collector, pytest.File):
            self.record.write("importing", file=self.id_of_node(collector).split("::", 1)[0])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report):
        _, path, is_module = self.collected.pop(
            id(report), (None, None, "::" not in report.nodeid and report.nodeid.endswith(".py"))
        )
        file = self.id_of(report.nodeid, path).split("::", 1)[0]
        if report.failed:
            self.record.write(
                "collection-error", file=file, problem=_problem(report, os.path.join(APP, file) if file else None)
            )
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.record.write("skipped-module", file=file, reason=reason)
        elif is_module:
            self.record.write("module", file=file)

    # pytest_collectreport is not called for a file that is named as tests/test_a.py::test_one; this is
    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        outcome = yield
        self.candidates.pop(id(collector), None)
        if outcome.excinfo is not None:
            return
        report = outcome.get_result()
        # with the report: its identity is free again when it is gone
        self.collected[id(report)] = (report, _path_of(collector), isinstance(collector, pytest.Module))
        if isinstance(collector, (pytest.Module, pytest.Class)):
            for node in report.result or ():
                if isinstance(node, (pytest.Item, pytest.Class)):
                    self.candidates[id(node)] = (node, self.id_of_node(node))

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item):
        self.record.write("item", file=self.id_of_node(item).split("::", 1)[0])

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """With pytest-xdist the workers collect; the controller learns of it here."""
        self.record.write("collected", removed=[], narrowed=[], selected=[self.id_of(nodeid) for nodeid in ids])

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.current = item
        tollgate_unhandled.watch_tasks()
        yield
        self.current = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid, location):
        name = self.id_of_running(nodeid, location)
        self.record.write("test-start", id=name, file=name.split("::", 1)[0], line=(location[1] or 0) + 1)

    # the innermost wrapper: what a hook of the app makes of the report afterwards does not change what was raised
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item, call):
        skips = (pytest.skip.Exception, unittest.SkipTest)
        if call.excinfo is not None and not isinstance(call.excinfo.value, skips):
            self.raised[item.nodeid, call.when] = "it raised %s" % call.excinfo.exconly()
        elif call.when == "call" and _never_awaited(item):
            self.raised[item.nodeid, call.when] = (
                "unittest.TestCase never awaits an async test: use IsolatedAsyncioTestCase"
            )
        else:
            self.raised.pop((item.nodeid, call.when), None)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if report.outcome == "rerun":
            self.raised = {key: why for key, why in self.raised.items() if key[0] != report.nodeid}
            self.record.write("rerun", id=self.id_of_running(report.nodeid, report.location))
            return
        # xdist and pytest-forked report a process that died in a test as phase "???"
        when = report.when if report.when in ("setup", "call", "teardown") else "call"
        data = {
            "id": self.id_of_running(report.nodeid, report.location),
            "phase": when,
            "outcome": report.outcome,
            "seconds": report.duration,
            "expected_failure": hasattr(report, "wasxfail"),
        }
        raised = self.raised.pop((report.nodeid, report.when), None)
        if report.failed:
            file, line = report.location[:2]
            data["problem"] = _problem(report, os.path.join(self.root, file), None if line is None else line + 1)
        elif raised is not None and not hasattr(report, "wasxfail"):
            message = "reported as %s by a plugin or a hook, but %s" % (report.outcome, raised)
            file = _from_app(report.location[0], self.root)
            data["problem"] = {"message": _cut(message), "file": file, "line": None, "traceback": ""}
        if report.skipped:
            data["reason"] = (
                str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(getattr(report, "wasxfail", ""))
            )
        if report.failed or report.when == "teardown":
            data["output"] = _cut("\n".join("--- %s\n%s" % (title, text) for title, text in report.sections))
        self.record.write("phase", **data)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logfinish(self, nodeid, location):
        self.record.write("test-end", id=self.id_of_running(nodeid, location))

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr):
        self.record.write("internal-error", problem=_problem(excrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo):
        self.record.write("stopped", reason="interrupted: %r" % (excinfo.value,))

    # `exitstatus` is what pytest itself worked out; a hook of the app can only rewrite session.exitstatus after it
    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        reason = session.shouldfail or session.shouldstop
        if reason:
            self.record.write("stopped", reason=str(reason))
        self.record.write("finished", status=int(exitstatus))

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        self.stop_listening()
        self.record.write("closed")


def _arguments():
    return [os.path.basename(sys.argv[0])] + sys.argv[1:]


_folder = os.environ.get("TOLLGATE_EVIDENCE")


@pytest.hookimpl(tryfirst=True)
def pytest_addoption(parser, pluginmanager):
    # the earliest hook there is: a conftest that fails must already find the plugin in place
    if not _folder or pluginmanager.has_plugin("tollgate-evidence-recorder"):
        return
    # a record for each session: one process may call pytest.main() several times, or fork and call it then
    record = Record(_folder)
    record.write(
        "start",
        pid=os.getpid(),
        role="worker" if os.environ.get("PYTEST_XDIST_WORKER") else "main",
        arguments=_arguments(),
        folder=_from_app(os.getcwd(), APP),
        python=platform.python_version(),
        pytest=pytest.__version__,
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    pluginmanager.register(Evidence(record), "tollgate-evidence-recorder")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """What only asks or lists proves nothing and breaks nothing."""
    recorder = config.pluginmanager.get_plugin("tollgate-evidence-recorder")
    asks = (
        "help",
        "version",
        "collectonly",
        "markers",
        "show_fixtures",
        "show_fixtures_per_test",
        "cacheshow",
        "setupplan",
    )
    if recorder is not None and any(config.getoption(name, None) for name in asks):
        recorder.record.write("asked")
