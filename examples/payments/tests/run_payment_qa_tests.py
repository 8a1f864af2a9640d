#!/usr/bin/env python3
"""Payment QA test runner.

python tests/run_payment_qa_tests.py --suite all --coverage --report --parallel
"""

import argparse
import html
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT_FILE = ROOT / "payment_qa_report.html"

GREEN, RED, BOLD, RESET = "\033[92m", "\033[91m", "\033[1m", "\033[0m"

SUITES = {
    "e2e": ["tests/test_e2e_checkout.py", "tests/test_e2e_lifecycle.py"],
    "regression": [
        "tests/test_regression_money.py",
        "tests/test_regression_protocol.py",
        "tests/test_regression_concurrency.py",
        "tests/test_regression_migrations.py",
    ],
    "browser": ["tests/test_browser_checkout.py", "tests/test_browser_pages.py"],
    "monitoring": [
        "tests/test_monitoring_health.py",
        "tests/test_monitoring_metrics.py",
        "tests/test_monitoring_logs.py",
    ],
    "webhook": [
        "tests/test_webhook_inbound.py",
        "tests/test_webhook_outbound.py",
        "tests/test_webhook_worker.py",
    ],
}


@dataclass
class SuiteResult:
    name: str
    total: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    duration: float = 0.0
    failures: list[str] = field(default_factory=list)


class PaymentQARunner:
    def __init__(self, coverage: bool = False, verbose: bool = False) -> None:
        self.coverage = coverage
        self.verbose = verbose

    def run_suite(self, name: str) -> SuiteResult:
        files = [path for path in SUITES[name] if (ROOT / path).exists()]
        report_file = ROOT / f"qa_report_{datetime.now():%Y%m%d_%H%M%S}.json"

        started = time.time()
        if files:
            subprocess.run(self.build_command(files, report_file), cwd=ROOT)
        duration = time.time() - started

        return self.parse_report(name, report_file, duration)

    def build_command(self, files: list[str], report_file: Path) -> list[str]:
        command = [sys.executable, "-m", "pytest", *files]
        command += ["--json-report", f"--json-report-file={report_file}"]
        if self.verbose:
            command.append("-v")
        if self.coverage:
            command += ["--cov=app", "--cov-report=term", "--cov-report=html"]
        return command

    def parse_report(self, name: str, report_file: Path, duration: float) -> SuiteResult:
        result = SuiteResult(name=name, duration=duration)
        if not report_file.exists():
            return result

        report = json.loads(report_file.read_text())
        summary = report.get("summary", {})
        result.total = summary.get("total", 0)
        result.passed = summary.get("passed", 0)
        result.failed = summary.get("failed", 0)
        result.skipped = summary.get("skipped", 0)
        result.failures = [test["nodeid"] for test in report.get("tests", []) if test["outcome"] == "failed"]
        return result

    def run(self, names: list[str], parallel: bool = False) -> list[SuiteResult]:
        if parallel:
            with ThreadPoolExecutor(max_workers=len(names)) as pool:
                return list(pool.map(self.run_suite, names))
        return [self.run_suite(name) for name in names]


def print_summary(results: list[SuiteResult]) -> None:
    print(f"\n{BOLD}Payment QA summary{RESET}")
    print("=" * 60)
    for result in results:
        mark = f"{GREEN}✔{RESET}" if result.failed == 0 else f"{RED}✘{RESET}"
        print(
            f"{mark} {result.name:<12} {result.passed:>4} passed  {result.failed:>3} failed  "
            f"{result.skipped:>3} skipped  {result.duration:6.1f}s"
        )
        for nodeid in result.failures:
            print(f"    {RED}{nodeid}{RESET}")
    print("=" * 60)
    if any(result.failed for result in results):
        print(f"{RED}{BOLD}Some payment tests failed{RESET}")
    else:
        print(f"{GREEN}{BOLD}All payment tests passed{RESET}")


def write_html_report(results: list[SuiteResult]) -> None:
    rows = "\n".join(
        f'<tr class="{"fail" if result.failed else "pass"}"><td>{html.escape(result.name)}</td>'
        f"<td>{result.total}</td><td>{result.passed}</td><td>{result.failed}</td><td>{result.skipped}</td>"
        f"<td>{result.duration:.1f}s</td></tr>"
        for result in results
    )
    REPORT_FILE.write_text(
        f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Payment QA report</title>
<style>body {{ font-family: sans-serif; }} td, th {{ padding: 4px 12px; text-align: left; }}
.pass td:first-child {{ color: green; }} .fail td:first-child {{ color: red; }}</style></head>
<body><h1>Payment QA report</h1><p>{datetime.now():%Y-%m-%d %H:%M:%S}</p>
<table><tr><th>Suite</th><th>Total</th><th>Passed</th><th>Failed</th><th>Skipped</th><th>Duration</th></tr>
{rows}
</table></body></html>
"""
    )
    print(f"Report written to {REPORT_FILE.name}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the payment QA test suites")
    parser.add_argument("--suite", choices=["all", *SUITES], default="all", help="suite to run")
    parser.add_argument("--coverage", action="store_true", help="measure coverage of the app package")
    parser.add_argument("--report", action="store_true", help="write an HTML report")
    parser.add_argument("--verbose", action="store_true", help="show every test")
    parser.add_argument("--parallel", action="store_true", help="run the suites at the same time")
    args = parser.parse_args()

    names = list(SUITES) if args.suite == "all" else [args.suite]
    runner = PaymentQARunner(coverage=args.coverage, verbose=args.verbose)
    results = runner.run(names, parallel=args.parallel)

    print_summary(results)
    if args.report:
        write_html_report(results)

    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
