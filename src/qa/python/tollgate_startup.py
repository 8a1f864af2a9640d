"""Runs at the start of every Python process of a suite; it must never be the reason that one fails."""

import os

if os.environ.get("COVERAGE_PROCESS_START"):
    try:
        import coverage
    except ImportError:
        pass
    else:
        coverage.process_startup()
