"""A pytest plugin: writes, from inside each pytest process, what it collected, ran and found.

One file of JSON lines per process, appended and flushed as things happen, so that a process that is killed leaves all
it had done and visibly lacks its end. Nothing here decides: `tollgate_suite.py` folds the lines, the gate judges them.
"""

import json
import os
import platform
import sys
import time
import unittest
import uuid

import pytest

from tollgate_redact import Redactor

LONGEST = 20_000


def _cut(text):
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return text[:half] + "\n… cut: %d characters …\n" % (len(text) - LONGEST) + text[-half:]


def _file_of(nodeid):
    return nodeid.split("::", 1)[0]


class Record:
    """The open file of this process's record."""

    def __init__(self, folder):
        self._pid = os.getpid()
        self._redactor = Redactor.from_environment()
        path = os.path.join(folder, "%d-%s.jsonl" % (self._pid, uuid.uuid4().hex[:8]))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, event, **data):
        # a forked child inherits the descriptor; its story is not this process's
        if os.getpid() != self._pid:
            return
        line = json.dumps(self._redactor.tree(dict(data, event=event)), ensure_ascii=True)
        os.write(self._file, line.encode("ascii") + b"\n")


def _problem(report_or_repr, where=None):
    """What a person reads first about a failure, from whatever pytest has."""
    longrepr = getattr(report_or_repr, "longrepr", report_or_repr)
    text = getattr(report_or_repr, "longreprtext", None) or str(longrepr)
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        path = crash.path
        message, line = crash.message, crash.lineno
    else:
        path, line = where, None
        errors = [entry[2:] for entry in text.splitlines() if entry.startswith("E ")]
        filled = [entry for entry in text.splitlines() if entry.strip()]
        message = (errors or filled or [""])[-1].strip()
    if path and os.path.isabs(path):
        relative = os.path.relpath(path)
        path = relative if not relative.startswith("..") else path
    return {"message": _cut(message), "file": path, "line": line, "traceback": _cut(text)}


class Evidence:
    def __init__(self, record):
        self.record = record
        self.before = []
        self.said = set()
        self.raised = {}

    # pytest-cov would replace the coverage that is already measuring this process, and its --cov-fail-under judges one
    # suite by a threshold meant for all of them
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config):
        if hasattr(early_config.known_args_namespace, "no_cov"):
            early_config.known_args_namespace.no_cov = True
        yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        self.before = [item.nodeid for item in items]
        yield
        after = {item.nodeid for item in items}
        gone = [nodeid for nodeid in self.before if nodeid not in after and nodeid not in self.said]
        self.record.write("collected", removed=gone, selected=[item.nodeid for item in items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_deselected(self, items):
        ids = [item.nodeid for item in items]
        self.said.update(ids)
        self.record.write("deselected", ids=ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector):
        if isinstance(collector, pytest.File):
            self.record.write("importing", file=_file_of(collector.nodeid))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report):
        if report.failed:
            file = _file_of(report.nodeid)
            self.record.write("collection-error", file=file, problem=_problem(report, file or None))
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.record.write("skipped-module", file=_file_of(report.nodeid), reason=reason)
        elif "::" not in report.nodeid and report.nodeid.endswith(".py"):
            self.record.write("module", file=report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item):
        self.record.write("item", file=_file_of(item.nodeid))

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """With pytest-xdist the workers collect; the controller learns of it here."""
        self.record.write("collected", removed=[], selected=list(ids))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid, location):
        self.record.write("test-start", id=nodeid, file=_file_of(nodeid), line=(location[1] or 0) + 1)

    # the innermost wrapper: what a hook of the app makes of the report afterwards does not change what was raised
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item, call):
        skips = (pytest.skip.Exception, unittest.SkipTest)
        if call.excinfo is not None and not isinstance(call.excinfo.value, skips):
            self.raised[item.nodeid, call.when] = call.excinfo.exconly()
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if report.outcome == "rerun":
            self.record.write("rerun", id=report.nodeid)
            return
        data = {
            "id": report.nodeid,
            "phase": report.when,
            "outcome": report.outcome,
            "seconds": report.duration,
            "expected_failure": hasattr(report, "wasxfail"),
        }
        raised = self.raised.pop((report.nodeid, report.when), None)
        if report.failed:
            data["problem"] = _problem(report, report.location[0])
        elif raised is not None and not hasattr(report, "wasxfail"):
            message = "a hook reported it as %s, but it raised %s" % (report.outcome, raised)
            data["problem"] = {"message": _cut(message), "file": report.location[0], "line": None, "traceback": ""}
        if report.skipped:
            data["reason"] = (
                report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
            )
        if report.failed or report.when == "teardown":
            data["output"] = _cut("\n".join("--- %s\n%s" % (title, text) for title, text in report.sections))
        self.record.write("phase", **data)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logfinish(self, nodeid):
        self.record.write("test-end", id=nodeid)

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
if _folder:
    _record = Record(_folder)
    _record.write(
        "start",
        pid=os.getpid(),
        role="worker" if os.environ.get("PYTEST_XDIST_WORKER") else "main",
        arguments=_arguments(),
        python=platform.python_version(),
        pytest=pytest.__version__,
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    _evidence = Evidence(_record)


@pytest.hookimpl(tryfirst=True)
def pytest_addoption(parser, pluginmanager):
    # the earliest hook there is: a conftest that fails must already find the plugin in place
    if _folder and not pluginmanager.has_plugin("tollgate-evidence-recorder"):
        pluginmanager.register(_evidence, "tollgate-evidence-recorder")
