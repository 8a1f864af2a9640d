"""What the tests of a pytest session did, and whether pytest and the app's hooks report it as it was."""

import inspect
import os
import sys
import unittest

import pytest

import tollgate_unhandled
from tollgate_canary import HOOKS, Canaries, own_hooks
from tollgate_problem import APP, cut, from_app, path_of, problem_in, problem_of
from tollgate_watch import Seen, code_of, passes_through, watch

_SKIPS = (pytest.skip.Exception, unittest.SkipTest)


def _is_unittest(item):
    case = getattr(item, "cls", None)
    return case is not None and issubclass(case, unittest.TestCase)


def _never_awaited(item):
    if not _is_unittest(item) or issubclass(item.cls, unittest.IsolatedAsyncioTestCase):
        return False
    return inspect.iscoroutinefunction(getattr(item, "obj", None))


def _code_of(item):
    """Of the function as it was collected: a plugin, or a hook, may put another one in its place."""
    function = vars(item).get("_obj")
    if function is None and isinstance(item, pytest.Function):
        holder = item.cls or item.module
        function = getattr(holder, getattr(item, "originalname", None) or item.name, None)
    return None if function is None else code_of(function)


class Ran:
    def __init__(self, record, names, manager):
        self.record = record
        self.names = names
        self.manager = manager
        self.codes = {}  # with the item: its identity is free again when it is gone
        self.seen = None
        self.calling = False
        self.raised = {}
        self.expected = set()
        self.current = None
        self.stop_listening = tollgate_unhandled.listen(self.unhandled)

    def of_running(self, nodeid, location):
        current = self.current
        path = path_of(current) if current is not None and current.nodeid == nodeid else None
        return self.names.of(nodeid, path, location)

    def _test(self):
        return None if self.current is None else self.names.of_node(self.current)

    def unhandled(self, kind, who, exception, text):
        name = type(exception).__name__
        message = "%s: %s" % (name, exception) if str(exception) else name
        self._unhandled(kind, who, problem_in(message, text))

    def _unhandled(self, kind, who, problem):
        # what ends while Python tidies up in a library of others is noise that no one can act on
        if kind != "unraisable" or problem["file"] is not None:
            self.record.write("unhandled", kind=kind, who=who, test=self._test(), problem=problem)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message):
        text = str(warning_message.message)
        is_runtime = issubclass(warning_message.category, RuntimeWarning)
        if is_runtime and text.startswith("coroutine ") and "was never awaited" in text:
            at = (str(warning_message.filename), warning_message.lineno)
            self._unhandled("coroutine", "", problem_in(text.splitlines()[0], text, *at))

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item):
        if isinstance(item, pytest.Function):
            self.codes[id(item)] = (item, _code_of(item))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session):
        rewritten = any(type(finder).__name__ == "AssertionRewritingHook" for finder in sys.meta_path)
        self.record.write("assertions", rewritten=rewritten, optimized=sys.flags.optimize)
        canaries = self._canaries(session)
        yield
        if canaries is not None:
            self._run(canaries)

    def _canaries(self, session):
        """None: a controller of pytest-xdist, or a session of others that a test started."""
        if session.config.getoption("setuponly", False) or session.config.getoption("collectonly", False):
            return None
        if not any((path_of(item) or "").startswith(APP + os.sep) for item in session.items):
            return None
        canaries = Canaries(session)
        self._run(canaries)
        return canaries

    def _run(self, canaries):
        try:
            ran, lies = canaries.run()
        except Exception as error:
            self.record.write("canaries", ran=0, lies=[], broken="%s: %s" % (type(error).__name__, error))
            return
        if ran > 0:
            self.record.write("canaries", ran=ran, lies=lies, broken=None)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        self.current = item
        tollgate_unhandled.watch_tasks()
        yield
        self.current = None
        if nextitem is None:
            self.record.flush()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid, location):
        name = self.of_running(nodeid, location)
        self.record.write("test-start", id=name, file=name.split("::", 1)[0], line=(location[1] or 0) + 1)

    # the innermost wrapper
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item):
        _, code = self.codes.get(id(item), (None, None))
        self.seen, self.calling = None, True
        seen = None if code is None else watch.begin(code)
        with tollgate_unhandled.unraisable():
            yield
        self.calling = False
        if seen is not None:
            watch.end(seen)
            self.seen = (item, seen)

    def _seen(self, item):
        """What was seen of the test's function; None: it has none that is Python's."""
        known, code = self.codes.get(id(item), (None, None))
        if known is not item or code is None:
            return None
        watched, seen = self.seen or (None, None)
        return seen if watched is item else Seen(code)

    # the innermost wrapper: what a hook of the app makes of the report afterwards does not change what was raised
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item, call):
        before = call.excinfo
        yield
        # unittest's exceptions come to light only now
        excinfo = before or call.excinfo
        key = (item.nodeid, call.when)
        # a report that is made within a test is one of its subtests
        is_tests = call.when == "call" and not self.calling
        seen = self._seen(item) if is_tests else None
        why = self._untold(item, call.when, excinfo, seen)
        self.raised.pop(key, None)
        self.expected.discard(key)
        if why is not None:
            self.raised[key] = why
        is_expected = excinfo is not None and isinstance(excinfo.value, pytest.xfail.Exception)
        if is_expected or next(item.iter_markers("xfail"), None) is not None:
            self.expected.add(key)
        if is_tests:
            entered, returned = (None, None) if seen is None else (seen.entered, seen.returned)
            self.record.write(
                "observed", held=True, even_forked=True, id=self.names.of_node(item), entered=entered, returned=returned
            )

    def _untold(self, item, when, excinfo, seen):
        """Why a report that says "passed" or "skipped" would not be true."""
        value = None if excinfo is None else excinfo.value
        if value is not None and not isinstance(value, _SKIPS):
            return "it raised %s" % excinfo.exconly()
        if when == "call" and _never_awaited(item):
            return "unittest.TestCase never awaits an async test: use IsolatedAsyncioTestCase"
        if seen is None:
            return None
        # a skip must be the test's own; unittest makes another exception of it
        is_its_own = value is not None and (_is_unittest(item) or passes_through(value, seen.code))
        if seen.left == "raised" and not is_its_own:
            return "its function was left by an exception that pytest was not told of%s" % self._suspects()
        if value is None and seen.entered is False:
            return "its function was never called%s" % self._suspects()
        return None

    def _suspects(self):
        hooks = own_hooks(self.manager, HOOKS["call"])
        named = ", ".join("%(name)s (%(file)s:%(line)d)" % hook for hook in hooks)
        return ". Hooks of the app around it: %s" % named if hooks else ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if report.outcome == "rerun":
            self.raised = {key: why for key, why in self.raised.items() if key[0] != report.nodeid}
            self.record.write("rerun", id=self.of_running(report.nodeid, report.location))
            return
        # xdist and pytest-forked report a process that died in a test as phase "???"
        when = report.when if report.when in ("setup", "call", "teardown") else "call"
        data = {
            "id": self.of_running(report.nodeid, report.location),
            "phase": when,
            "outcome": report.outcome,
            "seconds": report.duration,
            "expected_failure": hasattr(report, "wasxfail"),
        }
        key = (report.nodeid, report.when)
        raised = self.raised.pop(key, None)
        if report.failed:
            file, line = report.location[:2]
            data["problem"] = problem_of(
                report, os.path.join(self.names.root, file), None if line is None else line + 1
            )
        elif raised is not None and not (hasattr(report, "wasxfail") and key in self.expected):
            message = "reported as %s by a plugin or a hook, but %s" % (report.outcome, raised)
            file = from_app(report.location[0], self.names.root)
            data["problem"] = {"message": cut(message), "file": file, "line": None, "traceback": ""}
        if report.skipped:
            data["reason"] = (
                str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(getattr(report, "wasxfail", ""))
            )
        if report.failed or report.when == "teardown":
            data["output"] = cut("\n".join("--- %s\n%s" % (title, text) for title, text in report.sections))
        # sent with the end of the test or the beginning of the next one, unless there is something to tell
        self.record.write("phase", held="problem" not in data, **data)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logfinish(self, nodeid, location):
        self.record.write("test-end", held=True, id=self.of_running(nodeid, location))
