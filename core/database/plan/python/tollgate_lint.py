"""Squawk's findings on a script, as Squawk gives them."""

import json
import subprocess
import tempfile


def lint(script, lines_before, version):
    """`lines_before`: of the script these are not the plan's own; Squawk counts lines from 0, so do we."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        # a migration must not silence its own linter: what is accepted, and why, stands in tollgate.yaml
        file.write(script.replace("squawk-ignore", "squawk_ignore"))
        file.flush()
        done = subprocess.run(
            ["squawk", "--reporter=json", f"--pg-version={version}", file.name],
            capture_output=True,
            text=True,
            check=False,
        )
    # 1: it found something; whatever it means, without a list there is no answer
    if done.returncode not in (0, 1):
        raise SystemExit(f"squawk ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    findings = json.loads(done.stdout)
    return [
        {
            "rule": one["rule_name"],
            "level": one["level"],
            "message": one["message"],
            "help": one["help"],
            "line": one["line"] - lines_before,
        }
        for one in findings
    ]
