"""Sees, below pytest's hooks, whether a test's own function was entered, and how it was left.

From Python 3.12 on `sys.monitoring` tells it for single functions, whatever else traces or measures the process. Before, a
profile function waits for the function alone, and its frame tells at the end which instruction was its last.
"""

import dis
import functools
import inspect
import sys

import pytest

# as `coverage` and debuggers do: a number that they do not use
_TOOLS = (4, 3)


class Seen:
    """What was seen of one call; `entered` is None where nothing could be seen."""

    __slots__ = ("code", "entered", "frame", "left", "returned")

    def __init__(self, code):
        self.code = code
        self.entered = False
        self.left = None
        self.returned = None
        self.frame = None


def code_of(function):
    """The code of a test's function, below bound methods and functools.partial; None: it is none of Python's."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        code = getattr(inspect.getattr_static(type(function), "__call__", None), "__code__", None)
    return code


def passes_through(exception, code):
    """Whether an exception came out of a function."""
    trace = exception.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is code:
            return True
        trace = trace.tb_next
    return False


def _described(value):
    if value is None or hasattr(value, "__await__") or hasattr(value, "__aiter__"):
        return None
    # of the value itself no more than what cannot be a secret
    return "%s" % value if isinstance(value, bool) else "a value of type %s" % type(value).__name__


class _Monitor:
    def __init__(self, tool):
        self._tool = tool
        self._monitoring = sys.monitoring
        self._events = sys.monitoring.events.PY_START | sys.monitoring.events.PY_RETURN
        self._active = []
        # bound now: a test may replace what it finds in `sys`
        self._frame_of = sys._getframe
        sys.monitoring.register_callback(tool, sys.monitoring.events.PY_START, self._started)
        sys.monitoring.register_callback(tool, sys.monitoring.events.PY_RETURN, self._returned)

    def begin(self, code):
        seen = Seen(code)
        self._active.append(seen)
        self._monitoring.set_local_events(self._tool, code, self._events)
        return seen

    def end(self, seen):
        if seen in self._active:
            self._active.remove(seen)
        if all(other.code is not seen.code for other in self._active):
            self._monitoring.set_local_events(self._tool, seen.code, 0)
        if seen.entered and seen.left is None:
            seen.left = "raised"
        seen.frame = None

    def _started(self, code, _offset):
        for seen in self._active:
            if seen.code is not code:
                continue
            # a decorator's function may run again inside of itself; a hook may call the test again when it has ended. A
            # coroutine that waits looks like one that has ended
            if seen.frame is None or (seen.frame.f_back is None and not code.co_flags & inspect.CO_COROUTINE):
                seen.entered, seen.left, seen.frame = True, None, self._frame_of(1)

    def _returned(self, code, _offset, value):
        for seen in self._active:
            if seen.code is code and seen.frame is self._frame_of(1):
                seen.left, seen.returned, seen.frame = "returned", _described(value), None


_RETURNS = {number for name, number in dis.opmap.items() if name.startswith("RETURN_") and name != "RETURN_GENERATOR"}


class _Profile:
    """What a function returns is not seen here; from 7.2 on, pytest makes a warning of it, which a filter may silence."""

    def __init__(self):
        self._set, self._get = sys.setprofile, sys.getprofile
        self._waiting = None
        self._hear_of_returns(getattr(pytest, "PytestReturnNotNoneWarning", None))

    def _hear_of_returns(self, warning):
        if warning is None:
            return
        make = warning.__init__

        def made(self_, *arguments):
            if self._waiting is not None:
                self._waiting.returned = "a value"
            make(self_, *arguments)

        warning.__init__ = made

    def begin(self, code):
        seen = self._waiting = Seen(code)
        if self._get() is None:
            self._set(self._called)
        else:
            seen.entered = None
        return seen

    def end(self, seen):
        if seen.entered is False:
            if self._get() == self._called:
                self._set(None)
            else:
                # another profiler took its place
                seen.entered = None
        if seen.frame is not None:
            last = seen.code.co_code[seen.frame.f_lasti]
            seen.left, seen.frame = "returned" if last in _RETURNS else "raised", None

    def _called(self, frame, event, _argument):
        seen = self._waiting
        if event == "call" and frame.f_code is seen.code:
            self._set(None)
            seen.entered, seen.frame = True, frame


def _made():
    monitoring = getattr(sys, "monitoring", None)
    for tool in _TOOLS if monitoring is not None else ():
        try:
            monitoring.use_tool_id(tool, "tollgate")
        except ValueError:
            continue
        return _Monitor(tool)
    return _Profile()


watch = _made()
