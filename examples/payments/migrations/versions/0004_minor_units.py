"""amounts in minor units with their currency, instead of whole dollars

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("plans", "payments", "receipts")


def upgrade() -> None:
    for table in TABLES:
        op.alter_column(table, "amount", new_column_name="amount_minor", type_=sa.BigInteger(), comment=None)
        op.execute(f"UPDATE {table} SET amount_minor = amount_minor * 100")
        op.add_column(table, sa.Column("currency", sa.String(3), nullable=False, server_default="TWD"))
    for table in ("payments", "receipts"):
        op.alter_column(table, "currency", server_default=None)
    for table in ("plans", "payments"):
        op.create_check_constraint(op.f(f"ck_{table}_amount_positive"), table, "amount_minor > 0")


def downgrade() -> None:
    for table in TABLES:
        # In SQL, so that it also guards the script that `alembic downgrade --sql` writes for somebody to run by hand.
        op.execute(
            f"""
            DO $$ BEGIN
                IF EXISTS (SELECT FROM {table} WHERE mod(amount_minor, 100) <> 0 OR currency <> 'TWD') THEN
                    RAISE EXCEPTION 'rows of {table} cannot be written as whole dollars of TWD';
                END IF;
            END $$
            """
        )
    for table in ("plans", "payments"):
        op.drop_constraint(op.f(f"ck_{table}_amount_positive"), table)
    for table in TABLES:
        op.drop_column(table, "currency")
        op.execute(f"UPDATE {table} SET amount_minor = amount_minor / 100")
        op.alter_column(table, "amount_minor", new_column_name="amount", type_=sa.Integer(), comment="whole dollars")
