"""Folds the JSON lines of one pytest process into its record, in the shape that `core/qa/evidence.ts` parses."""

import json


def read_lines(path):
    with open(path, encoding="ascii", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                # the line that a killed process was writing
                return


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


def fold(events):
    """None when the file holds not even its first line."""
    events = iter(events)
    start = next(events, None)
    if start is None or start.get("event") != "start":
        return None
    record = {
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
    items, modules, tests = {}, [], {}
    for event in events:
        kind = event["event"]
        if kind == "importing":
            if event["file"] not in record["imported"]:
                record["imported"].append(event["file"])
        elif kind == "module":
            if event["file"] not in modules:
                modules.append(event["file"])
        elif kind == "item":
            items[event["file"]] = items.get(event["file"], 0) + 1
        elif kind == "collection-error":
            record["collectionErrors"].append(dict(event["problem"], file=event["file"]))
        elif kind == "skipped-module":
            record["skippedModules"].append({"file": event["file"], "reason": event["reason"]})
        elif kind == "deselected":
            record["deselected"].extend(event["ids"])
        elif kind == "collected":
            record["removed"].extend(event["removed"])
            record["narrowed"].extend(event["narrowed"])
            record["selected"] = event["selected"]
        elif kind == "test-start":
            record["running"] = event["id"]
            tests.setdefault(event["id"], _new_test(event))["line"] = event["line"]
        elif kind == "rerun":
            test = tests.setdefault(event["id"], _new_test(event))
            tests[event["id"]] = dict(_new_test(event), line=test["line"], reruns=test["reruns"] + 1)
        elif kind == "phase":
            _add_phase(tests.setdefault(event["id"], _new_test(event)), event)
        elif kind == "observed":
            seen = {"entered": event["entered"], "returned": event["returned"]}
            tests.setdefault(event["id"], _new_test(event))["observed"] = seen
        elif kind == "assertions":
            record["assertions"] = {"rewritten": event["rewritten"], "optimized": event["optimized"]}
        elif kind == "canaries":
            known = record["canaries"] or {"ran": 0, "lies": [], "broken": None}
            record["canaries"] = {
                "ran": known["ran"] + event["ran"],
                "lies": known["lies"] + event["lies"],
                "broken": known["broken"] or event["broken"],
            }
        elif kind == "changed":
            record["changed"] = event["names"]
        elif kind == "test-end":
            record["running"] = None
        elif kind == "internal-error":
            record["internalErrors"].append(event["problem"])
        elif kind == "unhandled":
            record["unhandled"].append(dict(event["problem"], kind=event["kind"], who=event["who"], test=event["test"]))
        elif kind == "stopped":
            record["stoppedBecause"] = event["reason"]
        elif kind == "finished":
            record["exitStatus"] = event["status"]
        elif kind == "asked":
            return None
        elif kind == "closed":
            record["closed"] = True
    files = modules + [file for file in items if file not in modules]
    record["modules"] = [{"file": file, "tests": items.get(file, 0)} for file in files]
    for test in tests.values():
        if test["outcome"] == "passed":
            test["output"] = ""
    # a test that began and has no phase at all did not run
    record["tests"] = [test for test in tests.values() if "teardown" in test["phases"] or test["problems"]]
    return record
