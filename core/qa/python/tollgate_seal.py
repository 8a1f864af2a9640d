"""Whether the app changed Tollgate's own functions in this process."""

import inspect
import sys


def _functions():
    for module_name, module in sorted(sys.modules.items()):
        if not module_name.startswith("tollgate_"):
            continue
        for name, value in sorted(vars(module).items()):
            if inspect.isfunction(value):
                yield "%s.%s" % (module_name, name), value
            elif inspect.isclass(value) and value.__module__ == module_name:
                for method, function in sorted(vars(value).items()):
                    if inspect.isfunction(function):
                        yield "%s.%s.%s" % (module_name, name, method), function


def seal():
    """A function that names what is no longer as it is now."""
    before = [(name, function, function.__code__) for name, function in _functions()]
    functions = _functions

    def changed():
        now = dict(functions())
        return [
            name for name, function, code in before if now.get(name) is not function or function.__code__ is not code
        ]

    return changed
