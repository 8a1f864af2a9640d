"""The app's own configuration of alembic, opened as the command `alembic` opens it: from the folder in which a team runs it."""

import configparser
import inspect
import os
import sys

from alembic import config as alembic_config
from alembic.runtime.environment import EnvironmentContext

# every path in an answer is relative to this folder
ROOT = os.getcwd()
# names of -x arguments that env.py looked for and did not find
not_given = []


def open_config(configuration, *arguments):
    """`configuration`: alembic.ini or pyproject.toml, relative to the app; `arguments`: of the command that is to run."""
    os.chdir(os.path.join(ROOT, folder_of(configuration)))
    for folder in (os.getcwd(), ROOT):
        if folder not in sys.path:
            sys.path.append(folder)
    name = os.path.basename(configuration)
    ini = "alembic.ini" if name == "pyproject.toml" else name
    known = inspect.signature(alembic_config.Config.__init__).parameters
    # alembic reads pyproject.toml as well since 1.16
    more = {"toml_file": "pyproject.toml"} if "toml_file" in known and os.path.exists("pyproject.toml") else {}
    note_arguments()
    return alembic_config.Config(ini, cmd_opts=options([*x_arguments(), *arguments]), **more)


def folder_of(configuration):
    """A team runs alembic beside its configuration, unless the folder of the revisions is named from the app's own."""
    folder = os.path.dirname(configuration)
    if folder == "" or configuration.endswith(".toml"):
        return folder
    parser = configparser.RawConfigParser()
    parser.read(os.path.join(ROOT, configuration), encoding="utf-8")
    location = parser.get("alembic", "script_location", fallback="")
    if location == "" or "%(here)s" in location or os.path.isabs(location):
        return folder
    return (
        ""
        if not os.path.isdir(os.path.join(ROOT, folder, location)) and os.path.isdir(os.path.join(ROOT, location))
        else folder
    )


def x_arguments():
    """Of database.x, in its order; each in a variable of its own."""
    given = [os.environ[name] for name in sorted(os.environ) if name.startswith("TOLLGATE_X_")]
    return [part for one in given for part in ("-x", one)]


class Arguments(dict):
    """What env.py gets of database.x. What it looks for in vain is noted."""

    def __missing__(self, name):
        not_given.append(name)
        raise KeyError(name)

    def get(self, name, default=None):
        if name not in self:
            not_given.append(name)
        return super().get(name, default)

    def pop(self, name, *default):
        if name not in self:
            not_given.append(name)
        return super().pop(name, *default)


def note_arguments():
    original = EnvironmentContext.get_x_argument

    def get_x_argument(context, as_dictionary=False):
        found = original(context, as_dictionary)
        return Arguments(found) if as_dictionary else found

    EnvironmentContext.get_x_argument = get_x_argument


def options(arguments):
    """What env.py finds in `config.cmd_opts`; None where this version of alembic does not know the command."""
    try:
        parsed = alembic_config.CommandLine(prog="alembic").parser.parse_args(list(arguments))
    except (SystemExit, Exception):
        return None
    # many an env.py asks for it, whatever the command
    parsed.autogenerate = getattr(parsed, "autogenerate", False)
    return parsed


def relative(path):
    return os.path.relpath(os.path.realpath(path), os.path.realpath(ROOT))
