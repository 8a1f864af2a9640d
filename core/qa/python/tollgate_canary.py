"""Tests of Tollgate's own, whose outcome is known: what the app's hooks make of them shows whether the hooks tell the truth.

They run beside the session: pytest is told of no item and of no report, so that no count, report, order or option knows of
them. What sees them are pytest itself and the hooks in the app's own files; those of installed plugins are left out, since
many of them send or keep what they see. What a real test's function did is seen in `tollgate_watch.py`.
"""

import inspect
import os
import pathlib
import sys
import types

import pytest

from tollgate_problem import from_app, is_installed

HOOKS = {
    "setup": ("pytest_runtest_setup", "pytest_fixture_setup"),
    "call": ("pytest_runtest_call", "pytest_pyfunc_call"),
    "report": ("pytest_runtest_makereport",),
}
_ALL = [name for names in HOOKS.values() for name in names]
FILE = "tollgate_canary_test.py"

_LAST = ("last_type", "last_value", "last_traceback", "last_exc")

_entered = []


def passes():
    _entered.append("passes")


def fails():
    _entered.append("fails")
    raise AssertionError("Tollgate's own test fails, as it must")


def breaks():
    _entered.append("breaks")
    raise RuntimeError("Tollgate's own test breaks, as it must")


def cannot_start(tollgate_canary_fixture):
    _entered.append("cannot_start")


@pytest.fixture
def tollgate_canary_fixture():
    raise RuntimeError("the fixture of Tollgate's own test breaks, as it must")


class _Hooks:
    """pytest's hooks for one folder, without those of installed plugins."""

    def __init__(self, manager, removed):
        self._manager, self._removed = manager, removed

    def __getattr__(self, name):
        return self._manager.subset_hook_caller(name, self._removed)


class _Module(pytest.Module):
    def _getobj(self):
        # another one for each node: pytest looks for the fixtures of a module once
        module = types.ModuleType("tollgate_canary_test")
        module.tollgate_canary_fixture = tollgate_canary_fixture
        return module


class _Canary(pytest.Function):
    tollgate_hooks = None

    @property
    def ihook(self):
        return self.tollgate_hooks

    # a traceback that no one reads would be most of what a canary costs
    def repr_failure(self, excinfo, style=None):
        return str(excinfo.value)

    _repr_failure_py = repr_failure


def _file_of(implementation):
    function = inspect.unwrap(implementation.function)
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return (None, None) if code is None else (os.path.abspath(code.co_filename), code.co_firstlineno)


def _is_pytests(path):
    return os.sep + "_pytest" + os.sep in path or os.path.basename(path).startswith("tollgate_")


def _is_tollgates(implementation):
    return (implementation.plugin_name or "").startswith(("tollgate-evidence", "tollgate_evidence"))


def own_hooks(manager, names, without=()):
    """The hooks of the app's own files, and where a person finds them."""
    found = []
    for name in names:
        for implementation in getattr(manager.hook, name).get_hookimpls():
            path, line = _file_of(implementation)
            if path is None or implementation.plugin in without or is_installed(path) or _is_pytests(path):
                continue
            found.append({"name": name, "file": from_app(path, "/"), "line": line})
    return found


def _installed_plugins(manager):
    """Those that have a hook which a canary would come by."""
    gone = []
    for name in [*_ALL, "pytest_runtest_teardown"]:
        for implementation in getattr(manager.hook, name).get_hookimpls():
            path, _ = _file_of(implementation)
            kept = path is not None and (_is_pytests(path) or not is_installed(path))
            if (not kept or _is_tollgates(implementation)) and implementation.plugin not in gone:
                gone.append(implementation.plugin)
    return gone


def _of_other_folders(session, folder):
    return list(getattr(session.gethookproxy(folder), "remove_mods", ()) or ())


def _phase(item, when, **arguments):
    hook = getattr(item.ihook, "pytest_runtest_" + when)
    call = pytest.CallInfo.from_call(lambda: hook(item=item, **arguments), when=when)
    return call, item.ihook.pytest_runtest_makereport(item=item, call=call)


def _said(report):
    expected = ", as a failure that was expected" if hasattr(report, "wasxfail") else ""
    return "%s%s" % (report.outcome, expected)


def _lie_of(item, name):
    """What was reported of one canary, and by which kind of hook; None: nothing but the truth, or nothing at all."""
    del _entered[:]
    setup, report = _phase(item, "setup")
    if name == "cannot_start":
        if report.failed:
            return None
        return "set-up that fails was reported as %s" % _said(report), "setup" if setup.excinfo is None else "report"
    # a hook may ask of every test what this one has not: a mark, a fixture
    if not report.passed or setup.excinfo is not None:
        return None
    call, report = _phase(item, "call")
    if not _entered:
        return None if not report.passed else ("test was reported as passed, and never called", "call")
    if name == "passes" or (report.failed and not hasattr(report, "wasxfail")):
        return None
    return "test that fails was reported as %s" % _said(report), "call" if call.excinfo is None else "report"


class Canaries:
    def __init__(self, session):
        self._session = session
        self._manager = session.config.pluginmanager
        self._known = set()

    def run(self):
        """Once for each set of the app's hooks that a test of the session runs with; how many ran, and what was wrong."""
        session, state = self._session, self._session._setupstate
        last = {name: vars(sys)[name] for name in _LAST if name in vars(sys)}
        session._setupstate = type(state)()
        try:
            lies = [lie for path, others in self._places() for lie in self._run_at(path, others)]
        finally:
            session._setupstate = state
            for name in _LAST:
                vars(sys).pop(name, None)
            vars(sys).update(last)
        return len(lies), [lie for lie in lies if lie is not None]

    def _places(self):
        folders = {os.path.dirname(str(getattr(item, "path", None) or item.fspath)) for item in self._session.items}
        for folder in sorted(folders):
            path = os.path.join(folder, FILE)
            others = _of_other_folders(self._session, pathlib.Path(folder))
            hooks = repr(own_hooks(self._manager, _ALL, others))
            if hooks in self._known:
                continue
            self._known.add(hooks)
            yield path, others

    def _run_at(self, path, others):
        hooks = _Hooks(self._manager, others + _installed_plugins(self._manager))
        module = _Module.from_parent(self._session, path=pathlib.Path(path))
        self._session._fixturemanager.parsefactories(module)
        for function in (passes, fails, breaks, cannot_start):
            item = _Canary.from_parent(
                module, name=function.__name__, callobj=function, fixtureinfo=_fixtures(module, function)
            )
            item.tollgate_hooks = hooks
            try:
                lie = _lie_of(item, function.__name__)
            except Exception:  # a hook that breaks at a test it does not know reports nothing, and so nothing wrong
                lie = None
            finally:
                try:
                    _phase(item, "teardown", nextitem=None)
                except Exception:
                    pass
            if lie is not None:
                what, kind = lie
                lie = {"what": what, "hooks": own_hooks(self._manager, HOOKS[kind], others)}
            yield lie


def _fixtures(module, function):
    """No fixture that a conftest gives to every test: setting one up may cost what the app's own tests should pay for."""
    known = module.session._fixturemanager.getfixtureinfo(module, function, None)
    names = [name for name in known.argnames if name == "tollgate_canary_fixture"]
    return type(known)(
        argnames=tuple(names),
        initialnames=tuple(names),
        names_closure=list(names),
        name2fixturedefs={name: known.name2fixturedefs[name] for name in names},
    )
