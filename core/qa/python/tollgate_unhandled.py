"""Tells of exceptions that are handled by no one, in a thread, an asyncio task or a destructor: pytest passes the test.

The hooks that Python offers (`threading.excepthook`) belong to pytest and to the app, which may replace them at any time; so
the places that call them are wrapped.
"""

import contextlib
import sys
import threading
import traceback

_listeners = []


def listen(tell):
    """`tell(kind, who, exception, text)` is called until the returned function is; only the latest listener hears."""
    _wrap_threads()
    _listeners.append(tell)

    def stop():
        if tell in _listeners:
            _listeners.remove(tell)

    return stop


def _tell(kind, who, exception):
    if not _listeners or isinstance(exception, (SystemExit, KeyboardInterrupt)):
        return
    try:
        text = "".join(traceback.format_exception(type(exception), exception, exception.__traceback__))
        _listeners[-1](kind, who, exception, text)
    except Exception:  # a record that cannot be written must not change what the app's thread does
        pass


def _wrap_threads():
    make = getattr(threading, "_make_invoke_excepthook", None)
    if make is None or getattr(make, "tollgate", False):
        return

    def made():
        invoke = make()

        def invoked(thread):
            _tell("thread", thread.name, sys.exc_info()[1])
            invoke(thread)

        return invoked

    made.tollgate = True
    threading._make_invoke_excepthook = made


def watch_tasks():
    """asyncio is wrapped once the app has imported it; importing it here would cost every suite."""
    events = sys.modules.get("asyncio.base_events")
    loop = getattr(events, "BaseEventLoop", None)
    if loop is None or getattr(loop.call_exception_handler, "tollgate", False):
        return
    handle = loop.call_exception_handler

    def handled(self, context):
        exception = context.get("exception")
        if exception is not None and "never retrieved" in str(context.get("message", "")):
            task = context.get("task") or context.get("future")
            name = getattr(task, "get_name", lambda: "a future")()
            _tell("task", name, exception)
        return handle(self, context)

    handled.tollgate = True
    loop.call_exception_handler = handled


@contextlib.contextmanager
def unraisable():
    """What Python cannot raise, in a destructor or a callback, while a test runs."""
    handle = getattr(sys, "unraisablehook", None)

    def handled(what):
        if what.exc_value is not None:
            _tell("unraisable", getattr(what.object, "__qualname__", ""), what.exc_value)
        return handle(what)

    sys.unraisablehook = handled
    try:
        yield
    finally:
        # the test may have put its own in place
        if sys.unraisablehook is handled:
            sys.unraisablehook = handle
