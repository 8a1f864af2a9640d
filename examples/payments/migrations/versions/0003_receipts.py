"""receipts, numbered per year; payments taken so far get theirs in the order they were paid

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_counters",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last_number", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("payment_id", sa.Uuid(), sa.ForeignKey("payments.id"), nullable=False, unique=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False, comment="whole dollars"),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("year", "number", name="uq_receipts_year_number"),
    )
    op.execute(
        """
        INSERT INTO receipts (id, payment_id, year, number, amount, issued_at)
        SELECT gen_random_uuid(), id, year, row_number() OVER (PARTITION BY year ORDER BY paid_at, id), amount, paid_at
        FROM (
            SELECT id, amount, paid_at, extract(year FROM paid_at AT TIME ZONE 'Asia/Taipei')::int AS year
            FROM payments WHERE status IN ('paid', 'refunded') AND paid_at IS NOT NULL
        ) AS taken
        """
    )
    op.execute("INSERT INTO receipt_counters (year, last_number) SELECT year, max(number) FROM receipts GROUP BY year")


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_table("receipt_counters")
