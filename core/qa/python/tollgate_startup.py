"""Runs at the start of every Python process of a suite; it must never be the reason that one fails."""

import os

# beside this file, written by the driver: a test may start a server with an environment of its own
_SUITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "suite-is-running.txt")
_SETTINGS = "COVERAGE_PROCESS_START"


def _settings_and_folder():
    given = os.environ.get(_SETTINGS)
    if given:
        return given, os.environ.get("TOLLGATE_EVIDENCE")
    try:
        with open(_SUITE, encoding="utf-8") as file:
            settings, folder = file.read().split("\n")[:2]
            return settings, folder
    except (OSError, ValueError):
        return None, None


def _measure():
    settings, folder = _settings_and_folder()
    if not settings:
        return
    added = _SETTINGS not in os.environ
    try:
        import coverage

        # coverage.py reads it from the environment; the app's own must stay as the test made it
        os.environ[_SETTINGS] = settings
        coverage.process_startup()
    except Exception as error:
        # without its data the gate fails by itself; this is why
        if folder:
            try:
                with open(os.path.join(folder, "coverage-%d.txt" % os.getpid()), "w", encoding="utf-8") as file:
                    file.write(str(error) or type(error).__name__)
            except OSError:
                pass
    finally:
        if added:
            os.environ.pop(_SETTINGS, None)


_measure()
