import os

import psycopg

TABLE = """
CREATE TABLE IF NOT EXISTS orders (
    number text PRIMARY KEY,
    cents integer NOT NULL CHECK (cents > 0),
    paid boolean NOT NULL DEFAULT false
)
"""


def connect() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"])


def create_table() -> None:
    with connect() as connection:
        connection.execute(TABLE)


def place(number: str, cents: int) -> bool:
    """True for a new order, False for one that was placed before."""
    with connect() as connection:
        made = connection.execute(
            "INSERT INTO orders (number, cents) VALUES (%s, %s) ON CONFLICT DO NOTHING", (number, cents)
        )
        return made.rowcount == 1


def pay(number: str) -> bool:
    with connect() as connection:
        return connection.execute("UPDATE orders SET paid = true WHERE number = %s", (number,)).rowcount == 1
