"""Loads what most of alembic's work needs and what takes longest to load: nothing of the app, and nothing that is connected."""

import contextlib
import importlib

import alembic.command  # noqa: F401
import sqlalchemy.dialects.postgresql
import sqlalchemy.orm  # noqa: F401

# one of them is the app's way to Postgres; loading it takes as long as what most questions ask for
for driver in ("psycopg", "psycopg2", "asyncpg"):
    with contextlib.suppress(ImportError):
        importlib.import_module(driver)
