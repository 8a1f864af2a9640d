"""Looking into the database the service uses."""

import os
import time
from typing import Any

from alembic.config import Config
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.models import Base
from tests.support.servers import ROOT

PLANS = (("starter", "Starter", 29_900), ("team", "Team", 89_900), ("business", "Business", 299_000))


def sqlalchemy_url() -> str:
    return os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)


def alembic_config() -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["configure_logging"] = False
    return config


class TestDatabase:
    __test__ = False

    def __init__(self) -> None:
        self.engine: Engine = create_engine(sqlalchemy_url(), pool_size=2)

    def rows(self, sql: str, **parameters: Any) -> list[Any]:
        with self.engine.begin() as connection:
            return list(connection.execute(text(sql), parameters))

    def column(self, sql: str, **parameters: Any) -> list[Any]:
        return [row[0] for row in self.rows(sql, **parameters)]

    def scalar(self, sql: str, **parameters: Any) -> Any:
        return self.column(sql, **parameters)[0]

    def run(self, sql: str, **parameters: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(sql), parameters)

    def empty(self) -> None:
        """Empties every table and puts the launch plans back.

        Row by row: with a few rows that takes a tenth of what TRUNCATE needs for its new files. A worker still busy
        with the last test may hold a lock that this waits for while it waits for one of this's, so the wait is short
        and tried again.
        """
        deadline = time.monotonic() + 30
        while True:
            try:
                self._delete()
                return
            except (IntegrityError, OperationalError):
                if time.monotonic() > deadline:
                    raise

    def _delete(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '300ms'"))
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for code, name, amount in PLANS:
                connection.execute(
                    text("INSERT INTO plans (code, name, amount_minor) VALUES (:code, :name, :amount)"),
                    {"code": code, "name": name, "amount": amount},
                )

    def add_plan(self, code: str, amount_minor: int, **columns: Any) -> None:
        values = {"code": code, "name": code.title(), "amount_minor": amount_minor, **columns}
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        self.run(f"INSERT INTO plans ({names}) VALUES ({places})", **values)
