"""A pytest plugin: writes, from inside each pytest process, what it collected, ran and found.

One record per session, written as things happen, so that a process that is killed leaves all it had done and visibly lacks
its end. Nothing here decides: `tollgate_suite.py` folds the lines, the gate judges them.
"""

import os
import platform
import sys
import time

import pytest

from tollgate_collected import Collected
from tollgate_names import Names
from tollgate_problem import APP, from_app, problem_of
from tollgate_ran import Ran
from tollgate_record import Record
from tollgate_seal import seal


class Session:
    """The beginning and the end of a session."""

    def __init__(self, record, names):
        self.record = record
        self.names = names
        self.ran = None

    # pytest-cov would replace the coverage that is already measuring this process, and its --cov-fail-under judges one
    # suite by a threshold meant for all of them
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config):
        self.names.root = str(getattr(early_config, "rootpath", None) or early_config.rootdir)
        if hasattr(early_config.known_args_namespace, "no_cov"):
            early_config.known_args_namespace.no_cov = True
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr):
        self.record.write("internal-error", problem=problem_of(excrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo):
        self.record.write("stopped", reason="interrupted: %r" % (excinfo.value,))

    # `exitstatus` is what pytest itself worked out; a hook of the app can only rewrite session.exitstatus after it
    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        reason = session.shouldfail or session.shouldstop
        if reason:
            self.record.write("stopped", reason=str(reason))
        changed = _changed()
        if changed:
            self.record.write("changed", names=changed)
        self.record.write("finished", status=int(exitstatus))

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        self.ran.stop_listening()
        self.record.write("closed")


def _arguments():
    return [os.path.basename(sys.argv[0])] + sys.argv[1:]


_changed = seal()
_collector = os.environ.get("TOLLGATE_COLLECTOR")


@pytest.hookimpl(tryfirst=True)
def pytest_addoption(parser, pluginmanager):
    # the earliest hook there is: a conftest that fails must already find the plugin in place
    if not _collector or pluginmanager.has_plugin("tollgate-evidence-recorder"):
        return
    # a record for each session: one process may call pytest.main() several times, or fork and call it then
    record = Record(_collector)
    record.write(
        "start",
        pid=os.getpid(),
        role="worker" if os.environ.get("PYTEST_XDIST_WORKER") else "main",
        arguments=_arguments(),
        folder=from_app(os.getcwd(), APP),
        python=platform.python_version(),
        pytest=pytest.__version__,
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    names = Names()
    session = Session(record, names)
    session.ran = Ran(record, names, pluginmanager)
    pluginmanager.register(session, "tollgate-evidence-recorder")
    pluginmanager.register(Collected(record, names), "tollgate-evidence-collected")
    pluginmanager.register(session.ran, "tollgate-evidence-ran")


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
