"""recurring charges: billing periods of plans, many payments per order, ECPay's notifications kept

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("period_type", sa.String(1), nullable=False, server_default="M"))
    op.add_column("plans", sa.Column("frequency", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("plans", sa.Column("exec_times", sa.Integer(), nullable=False, server_default="99"))
    op.create_check_constraint(op.f("ck_plans_period_type_known"), "plans", "period_type IN ('D', 'M', 'Y')")

    op.add_column("payments", sa.Column("kind", sa.String(10), nullable=False, server_default="first"))
    op.alter_column("payments", "kind", server_default=None)
    op.add_column("payments", sa.Column("gwsr", sa.String(20)))
    op.drop_constraint("uq_payments_merchant_trade_no", "payments")
    op.create_index("ix_payments_merchant_trade_no", "payments", ["merchant_trade_no"])
    op.create_unique_constraint("uq_payments_merchant_trade_no_gwsr", "payments", ["merchant_trade_no", "gwsr"])
    op.create_index(
        "uq_payments_order",
        "payments",
        ["merchant_trade_no"],
        unique=True,
        postgresql_where=sa.text("kind <> 'period'"),
    )
    op.create_table(
        "callback_events",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("event_key", sa.String(120), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table("callback_events")
    op.drop_index("uq_payments_order", "payments")
    op.drop_constraint("uq_payments_merchant_trade_no_gwsr", "payments")
    op.drop_index("ix_payments_merchant_trade_no", "payments")
    # The old schema has one payment per order number. Recurring charges are money that was taken, so they are kept,
    # under a number made of ECPay's authorization id.
    op.execute("UPDATE payments SET merchant_trade_no = left('P' || gwsr, 20) WHERE kind = 'period'")
    op.create_unique_constraint("uq_payments_merchant_trade_no", "payments", ["merchant_trade_no"])
    op.drop_column("payments", "gwsr")
    op.drop_column("payments", "kind")
    op.drop_constraint(op.f("ck_plans_period_type_known"), "plans")
    for column in ("exec_times", "frequency", "period_type"):
        op.drop_column("plans", column)
