"""Runs at the start of every Python process of a suite; it must never be the reason that one fails."""

import os

if os.environ.get("COVERAGE_PROCESS_START"):
    try:
        import coverage

        coverage.process_startup()
    except Exception:
        # without its data the gate is red by itself
        pass
