"""What a pytest session collected, selected and left out."""

import os

import pytest

from tollgate_problem import APP, path_of, problem_of


class Collected:
    def __init__(self, record, names):
        self.record = record
        self.names = names
        self.candidates = {}
        self.said = set()
        self.deselected = []  # kept alive: self.said has their identities
        self.reports = {}  # the report of a collection, by identity: what it is about

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        # by identity: xdist's loadgroup and many a conftest rename what they keep
        before = [(item, self.names.of_node(item)) for item in items]
        yield
        kept = {id(item) for item in items}
        gone = [name for item, name in before if id(item) not in kept and id(item) not in self.said]
        # what the arguments left out of the files they name (tests/test_a.py::test_one)
        reached = set()
        for item, _ in before:
            reached.update(id(node) for node in item.listchain())
        narrowed = [name for key, (node, name) in self.candidates.items() if key not in reached]
        selected = [self.names.of_node(item) for item in items]
        self.record.write("collected", removed=gone, narrowed=narrowed, selected=selected)

    @pytest.hookimpl(tryfirst=True)
    def pytest_deselected(self, items):
        self.said.update(id(item) for item in items)
        self.deselected.extend(items)
        self.record.write("deselected", ids=[self.names.of_node(item) for item in items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectstart(self, collector):
        if isinstance(collector, pytest.File):
            self.record.write("importing", file=self.names.of_node(collector).split("::", 1)[0])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report):
        _, path, is_module = self.reports.pop(
            id(report), (None, None, "::" not in report.nodeid and report.nodeid.endswith(".py"))
        )
        file = self.names.of(report.nodeid, path).split("::", 1)[0]
        if report.failed:
            self.record.write(
                "collection-error", file=file, problem=problem_of(report, os.path.join(APP, file) if file else None)
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
        self.reports[id(report)] = (report, path_of(collector), isinstance(collector, pytest.Module))
        if isinstance(collector, (pytest.Module, pytest.Class)):
            for node in report.result or ():
                if isinstance(node, (pytest.Item, pytest.Class)):
                    self.candidates[id(node)] = (node, self.names.of_node(node))

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item):
        self.record.write("item", file=self.names.of_node(item).split("::", 1)[0])

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """With pytest-xdist the workers collect; the controller learns of it here."""
        self.record.write("collected", removed=[], narrowed=[], selected=[self.names.of(nodeid) for nodeid in ids])
