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
    return os.path.relpath(absolute, APP) if absolute.startswith(APP + os.sep) else absolute


class Record:
    """The open file of this process's record."""

    def __init__(self, folder):
        # bound now: a test may have replaced them when its report arrives
        self._getpid, self._write, self._dumps = os.getpid, os.write, json.dumps
        self._pid = os.getpid()
        path = os.path.join(folder, "%d-%s.jsonl" % (self._pid, uuid.uuid4().hex[:8]))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, event, **data):
        # a forked child inherits the descriptor; its story is not this process's
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

    def id_of(self, nodeid):
        file, separator, rest = nodeid.partition("::")
        return (_from_app(file, self.root) if file else file) + separator + rest

    def file_of(self, nodeid):
        return self.id_of(nodeid).split("::", 1)[0]

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
        before = [(item, item.nodeid) for item in items]
        yield
        kept = {id(item) for item in items}
        gone = [nodeid for item, nodeid in before if id(item) not in kept and id(item) not in self.said]
        # what the arguments left out of the files they name (tests/test_a.py::test_one)
        reached = set()
        for item, _ in before:
            reached.update(id(node) for node in item.listchain())
        narrowed = [nodeid for key, (node, nodeid) in self.candidates.items() if key not in reached]
        self.record.write(
            "collected",
            removed=[self.id_of(nodeid) for nodeid in gone],
            narrowed=[self.id_of(nodeid) for nodeid in narrowed],
            selected=[self.id_of(item.nodeid) for item in items],
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_deselected(self, items):
        self.said.update(id(item) for item in items)
        self.deselected.extend(items)
        self.record.write("deselected", ids=[self.id_of(item.nodeid) for item in items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector):
        if isinstance(collector, pytest.File):
            self.record.write("importing", file=self.file_of(collector.nodeid))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report):
        if report.failed:
            file = self.file_of(report.nodeid)
            self.record.write("collection-error", file=file, problem=_problem(report, os.path.join(APP, file) if file else None))
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.record.write("skipped-module", file=self.file_of(report.nodeid), reason=reason)
        elif "::" not in report.nodeid and report.nodeid.endswith(".py"):
            self.record.write("module", file=self.file_of(report.nodeid))

    # pytest_collectreport is not called for a file that is named as tests/test_a.py::test_one; this is
    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        outcome = yield
        self.candidates.pop(id(collector), None)
        if outcome.excinfo is None and isinstance(collector, (pytest.Module, pytest.Class)):
            for node in outcome.get_result().result or ():
                if isinstance(node, (pytest.Item, pytest.Class)):
                    self.candidates[id(node)] = (node, node.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item):
        self.record.write("item", file=self.file_of(item.nodeid))

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """With pytest-xdist the workers collect; the controller learns of it here."""
        self.record.write("collected", removed=[], narrowed=[], selected=[self.id_of(nodeid) for nodeid in ids])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid, location):
        self.record.write("test-start", id=self.id_of(nodeid), file=self.file_of(nodeid), line=(location[1] or 0) + 1)

    # the innermost wrapper: what a hook of the app makes of the report afterwards does not change what was raised
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item, call):
        skips = (pytest.skip.Exception, unittest.SkipTest)
        if call.excinfo is not None and not isinstance(call.excinfo.value, skips):
            self.raised[item.nodeid, call.when] = "it raised %s" % call.excinfo.exconly()
        elif call.when == "call" and _never_awaited(item):
            self.raised[item.nodeid, call.when] = "unittest.TestCase never awaits an async test: use IsolatedAsyncioTestCase"
        else:
            self.raised.pop((item.nodeid, call.when), None)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if report.outcome == "rerun":
            self.raised = {key: why for key, why in self.raised.items() if key[0] != report.nodeid}
            self.record.write("rerun", id=self.id_of(report.nodeid))
            return
        # xdist and pytest-forked report a process that died in a test as phase "???"
        when = report.when if report.when in ("setup", "call", "teardown") else "call"
        data = {
            "id": self.id_of(report.nodeid),
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
    def pytest_runtest_logfinish(self, nodeid):
        self.record.write("test-end", id=self.id_of(nodeid))

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
        python=platform.python_version(),
        pytest=pytest.__version__,
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    pluginmanager.register(Evidence(record), "tollgate-evidence-recorder")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """What only asks or lists proves nothing and breaks nothing."""
    recorder = config.pluginmanager.get_plugin("tollgate-evidence-recorder")
    asks = ("help", "version", "collectonly", "markers", "show_fixtures", "show_fixtures_per_test", "cacheshow", "setupplan")
    if recorder is not None and any(config.getoption(name, None) for name in asks):
        recorder.record.write("asked")
