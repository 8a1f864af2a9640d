"""Runs one suite: the commands before it, the team's runner, bounded in time; then folds the evidence.

usage: tollgate_suite.py SPECIFICATION.json OUTPUT_FOLDER

Its own exit status says only whether the evidence was written: the verdict is not its business.
"""

import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone

from tollgate_collector import Collector
from tollgate_process import end_descendants, guard, sources_of
from tollgate_redact import Redactor

TAIL_LINES = 60
TAIL_LINE_LENGTH = 2_000
LONGEST_LINE = 1 << 20
# longer than any form of a secret: what a piece of a line ends with may be the beginning of one
OVERLAP = 1 << 16
# longer than a value that is wrapped over lines
WRAPPED = 1 << 12
GRACE_SECONDS = 5
SETTLE_SECONDS = 0.5
TOOLS = os.path.dirname(os.path.abspath(__file__))


class Output:
    """What the suite prints, redacted, to this process's own output and to output.log."""

    def __init__(self, path, redactor):
        self._path, self._file = path, open(path, "wb")
        self._redactor = redactor
        # what qa.before started in the background prints beside the runner
        self._writing = threading.Lock()
        self.tail = []

    def line(self, data):
        data = self._redactor.data(data)
        with self._writing:
            self._file.write(data)
            self._file.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def close(self):
        """Takes out of the file what was printed over two lines, and line by line could not be seen."""
        self._file.close()
        held, self.tail = b"", []
        with open(self._path, "rb") as source, open(self._path + ".part", "wb") as clean:
            while True:
                chunk = source.read(1 << 18)
                data = self._redactor.data(held + chunk)
                end = len(data)
                if chunk:
                    end = data.rfind(b"\n", 0, max(0, end - WRAPPED)) + 1
                    end = len(data) - OVERLAP if end == 0 and len(data) > LONGEST_LINE else end
                ready, held = data[:end], data[end:]
                clean.write(ready)
                self._remember(ready.splitlines())
                if not chunk:
                    break
        os.replace(self._path + ".part", self._path)

    def _remember(self, lines):
        texts = [line[: 4 * TAIL_LINE_LENGTH].decode("utf-8", "replace").rstrip("\n") for line in lines[-TAIL_LINES:]]
        self.tail = (self.tail + [text[:TAIL_LINE_LENGTH] for text in texts])[-TAIL_LINES:]

    def copy(self, stream):
        """Line by line; a line of many megabytes in pieces."""
        pending = b""
        while True:
            chunk = stream.read1(1 << 16)
            if not chunk:
                break
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                self.line(line + b"\n")
            if len(pending) > LONGEST_LINE:
                pending = self._redactor.data(pending)
                self.line(pending[:-OVERLAP])
                pending = pending[-OVERLAP:]
        if pending:
            self.line(pending)


def _signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def _dump_stacks(pids):
    """Asks every pytest that still runs where it hangs: faulthandler answers SIGABRT with all its stacks."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGABRT)
        except OSError:
            pass


def _end(process, reader):
    """Whatever the runner left behind (servers, workers) must go, and may save its coverage first."""
    _signal_group(process, signal.SIGTERM)
    reader.join(GRACE_SECONDS)
    _signal_group(process, signal.SIGKILL)
    reader.join(GRACE_SECONDS)


def run(command, environment, timeout, output, pids, folder=".", background=None):
    """The end of a command as `runnerEnd` of core/qa/evidence.ts.

    background: a list to keep what the command leaves running, instead of ending it.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return {"kind": "not-started", "why": str(error)}

    reader = threading.Thread(target=output.copy, args=[process.stdout], daemon=True)
    reader.start()
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        _dump_stacks(pids())
        time.sleep(1)
        _end(process, reader)
        process.wait()
        return {"kind": "timed-out", "seconds": timeout}
    if background is None:
        _end(process, reader)
    else:
        # what it printed itself stands before the next command's output
        reader.join(SETTLE_SECONDS)
        background.append((process, reader))
    if code < 0:
        return {"kind": "signalled", "signal": signal.Signals(-code).name}
    return {"kind": "exited", "code": code}


def keep_artifacts(patterns, folder, redactor):
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True):
            if not os.path.isfile(path):
                continue
            target = os.path.join(folder, path)
            try:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(path, "rb") as source, open(target, "wb") as copy:
                    copy.write(redactor.data(source.read()))
            except OSError as error:
                print("artifact %s not kept: %s" % (path, error), flush=True)


def coverage_errors(records):
    """What coverage.py said in processes that it did not measure, each once."""
    said = set()
    for path in glob.glob(os.path.join(records, "coverage-*.txt")):
        with open(path, encoding="utf-8", errors="replace") as file:
            said.add(file.read(TAIL_LINE_LENGTH).strip())
    return sorted(said)[:5]


def tell_processes(settings, records):
    """For those that a test starts with an environment of its own; tollgate_startup.py reads it."""
    path = os.path.join(TOOLS, "suite-is-running.txt")
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("%s\n%s\n" % (settings, records))
    except OSError as error:
        print("processes without Tollgate's environment are not measured: %s" % error, flush=True)


def name_files(records):
    """A pytest-xdist controller whose rootdir does not hold the tests knows their names alone; its workers know the files."""
    known = {}
    for record in records:
        if record["role"] == "worker":
            for name in record["selected"]:
                known.setdefault(name.partition("::")[2], []).append(name)
    for record in records:
        if record["role"] == "main" and known:
            found = [
                [name] if os.path.exists(name.partition("::")[0]) else known.get(name.partition("::")[2], [name])
                for name in record["selected"]
            ]
            record["selected"] = sorted({name for names in found for name in names})


def main(specification_path, out):
    with open(specification_path, encoding="utf-8") as file:
        specification = json.load(file)
    redactor = Redactor.from_environment()
    records = os.path.join(out, "records")
    coverage = os.path.join(out, "coverage")
    for folder in (records, coverage):
        os.makedirs(folder, exist_ok=True)
    output = Output(os.path.join(out, "output.log"), redactor)
    guard()
    collector = Collector()

    environment = dict(os.environ)
    suite_environment = dict(
        environment,
        TOLLGATE_EVIDENCE=records,
        TOLLGATE_COLLECTOR=collector.name,
        TOLLGATE_APP=os.path.realpath(os.getcwd()),
        # both: a runner may set one of them itself
        PYTEST_ADDOPTS=" ".join(filter(None, [environment.get("PYTEST_ADDOPTS"), "-p tollgate_evidence"])),
        PYTEST_PLUGINS=",".join(filter(None, [environment.get("PYTEST_PLUGINS"), "tollgate_evidence"])),
        PYTHONPATH=os.pathsep.join([TOOLS] + [p for p in [environment.get("PYTHONPATH")] if p]),
        PYTHONFAULTHANDLER="1",
        PYTHONUNBUFFERED="1",
    )
    if specification["coverageSettings"]:
        suite_environment["COVERAGE_PROCESS_START"] = specification["coverageSettings"]
        # a runner that starts coverage itself measures by the same settings, into the same folder
        suite_environment["COVERAGE_RCFILE"] = specification["coverageSettings"]

    missing = [path for path in specification["files"] if not os.path.isfile(path)]
    tools = {}
    started, clock = datetime.now(timezone.utc).isoformat(timespec="milliseconds"), time.monotonic()
    failed_before = None
    background = []
    for command in specification["before"]:
        end = run(
            ["sh", "-c", command],
            environment,
            specification["timeout"],
            output,
            collector.pids,
            specification["workdir"],
            background,
        )
        if end != {"kind": "exited", "code": 0}:
            failed_before = {"command": command, "code": end.get("code", -1)}
            break
    if failed_before:
        end = {"kind": "not-started", "why": "a command of qa.before failed"}
    elif specification["runner"] is not None and not os.path.isfile(specification["runner"]):
        end = {"kind": "not-started", "why": "%s is not in the source" % specification["runner"]}
    else:
        if specification["coverageSettings"]:
            tell_processes(specification["coverageSettings"], records)
        tools = sources_of(TOOLS)
        end = run(
            specification["command"],
            suite_environment,
            specification["timeout"],
            output,
            collector.pids,
            specification["workdir"],
        )

    for process, reader in background:
        _end(process, reader)
    # also what left the runner's group, which the commands before it may have meant to
    end_descendants(GRACE_SECONDS)
    folded, forged = collector.close()
    forged += ["the file %s" % name for name in sorted(os.listdir(records)) if not name.startswith("coverage-")]
    now = sources_of(TOOLS)
    changed = sorted(name for name, content in tools.items() if now.get(name) != content)
    forged += ["the recorder's file %s was changed while the suite ran" % name for name in changed]
    name_files(folded)
    output.close()
    keep_artifacts(specification["artifacts"], os.path.join(out, "artifacts"), redactor)
    document = {
        "format": 1,
        "suite": specification["suite"],
        "command": specification["command"],
        "startedAt": started,
        "seconds": round(time.monotonic() - clock, 3),
        "runner": end,
        "missingFiles": missing,
        "failedBefore": failed_before,
        "processes": folded,
        "forged": forged,
        "coverageFiles": sorted(os.listdir(coverage)),
        "coverageErrors": coverage_errors(records),
        "outputTail": "\n".join(output.tail),
    }
    temporary = os.path.join(out, "evidence.json.part")
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(redactor.tree(document), file)
    os.rename(temporary, os.path.join(out, "evidence.json"))
    shutil.rmtree(records)


if __name__ == "__main__":
    main(*sys.argv[1:])
