"""Folds the events of one pytest session into its record, in the shape that `core/qa/evidence.ts` parses."""


def _new_test(event):
    return {
        "id": event["id"],
        "file": event["id"].split("::", 1)[0],
        "line": None,
        "outcome": "passed",
        "seconds": 0.0,
        "phases": {},
        "problems": [],
        "skipReason": None,
        "output": "",
        "reruns": 0,
        "observed": None,
    }


def _outcome(phase, expected_failure):
    if phase["outcome"] == "skipped":
        return "xfailed" if expected_failure else "skipped"
    if phase["outcome"] == "passed" and expected_failure:
        return "xpassed"
    return phase["outcome"]


def _add_phase(test, event):
    when = event["phase"]
    phase = {"outcome": event["outcome"], "seconds": event["seconds"]}
    test["phases"][when] = phase
    test["seconds"] += event["seconds"]
    if "problem" in event:
        test["problems"].append(dict(event["problem"], phase=when))
        test["outcome"] = "failed"
    elif not test["problems"] and (when == "call" or phase["outcome"] == "skipped"):
        test["outcome"] = _outcome(phase, event["expected_failure"])
    if event.get("reason"):
        test["skipReason"] = event["reason"]
    if event.get("output"):
        test["output"] = event["output"]


def _new_record(start):
    return {
        "pid": start["pid"],
        "role": start["role"],
        "arguments": start["arguments"],
        "folder": start["folder"],
        "python": start["python"],
        "pytest": start["pytest"],
        "startedAt": start["at"],
        "imported": [],
        "modules": [],
        "collectionErrors": [],
        "skippedModules": [],
        "deselected": [],
        "removed": [],
        "narrowed": [],
        "selected": [],
        "tests": [],
        "running": None,
        "internalErrors": [],
        "unhandled": [],
        "assertions": None,
        "canaries": None,
        "changed": [],
        "exitStatus": None,
        "stoppedBecause": None,
        "closed": False,
    }


class Fold:
    def __init__(self):
        self._record = None
        self._asked = False
        self._items, self._modules, self._tests = {}, [], {}

    def add(self, event):
        kind = event["event"]
        if self._record is None:
            # nothing counts before the beginning
            self._record = _new_record(event) if kind == "start" else None
            return
        if kind == "importing":
            if event["file"] not in self._record["imported"]:
                self._record["imported"].append(event["file"])
        elif kind == "module":
            if event["file"] not in self._modules:
                self._modules.append(event["file"])
        elif kind == "item":
            self._items[event["file"]] = self._items.get(event["file"], 0) + 1
        elif kind == "collection-error":
            self._record["collectionErrors"].append(dict(event["problem"], file=event["file"]))
        elif kind == "skipped-module":
            self._record["skippedModules"].append({"file": event["file"], "reason": event["reason"]})
        elif kind == "deselected":
            self._record["deselected"].extend(event["ids"])
        elif kind == "collected":
            self._record["removed"].extend(event["removed"])
            self._record["narrowed"].extend(event["narrowed"])
            self._record["selected"] = event["selected"]
        elif kind == "test-start":
            self._record["running"] = event["id"]
            self._tests.setdefault(event["id"], _new_test(event))["line"] = event["line"]
        elif kind == "rerun":
            test = self._tests.setdefault(event["id"], _new_test(event))
            self._tests[event["id"]] = dict(_new_test(event), line=test["line"], reruns=test["reruns"] + 1)
        elif kind == "phase":
            _add_phase(self._tests.setdefault(event["id"], _new_test(event)), event)
        elif kind == "observed":
            seen = {"entered": event["entered"], "returned": event["returned"]}
            self._tests.setdefault(event["id"], _new_test(event))["observed"] = seen
        elif kind == "assertions":
            self._record["assertions"] = {"rewritten": event["rewritten"], "optimized": event["optimized"]}
        elif kind == "canaries":
            known = self._record["canaries"] or {"ran": 0, "lies": [], "broken": None}
            self._record["canaries"] = {
                "ran": known["ran"] + event["ran"],
                "lies": known["lies"] + event["lies"],
                "broken": known["broken"] or event["broken"],
            }
        elif kind == "changed":
            self._record["changed"] = event["names"]
        elif kind == "test-end":
            self._record["running"] = None
        elif kind == "internal-error":
            self._record["internalErrors"].append(event["problem"])
        elif kind == "unhandled":
            self._record["unhandled"].append(
                dict(event["problem"], kind=event["kind"], who=event["who"], test=event["test"])
            )
        elif kind == "stopped":
            self._record["stoppedBecause"] = event["reason"]
        elif kind == "finished":
            self._record["exitStatus"] = event["status"]
        elif kind == "asked":
            self._asked = True
        elif kind == "closed":
            self._record["closed"] = True

    def record(self):
        """None where there is no beginning, or where nothing was to run."""
        record = self._record
        if record is None or self._asked:
            return None
        files = self._modules + [file for file in self._items if file not in self._modules]
        record["modules"] = [{"file": file, "tests": self._items.get(file, 0)} for file in files]
        for test in self._tests.values():
            if test["outcome"] == "passed":
                test["output"] = ""
        # a test that began and has no phase at all did not run
        record["tests"] = [test for test in self._tests.values() if "teardown" in test["phases"] or test["problems"]]
        return record
