"""refunds of their own instead of a payment status, upgrades, and work owed to ECPay

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIMESTAMP = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("payment_id", sa.Uuid(), sa.ForeignKey("payments.id"), nullable=False, index=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False, server_default=""),
        sa.Column("status", sa.String(10), nullable=False, server_default="pending"),
        sa.Column("provider_message", sa.String(200)),
        sa.Column("created_at", TIMESTAMP, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed', 'unknown')", name=op.f("ck_refunds_status_known")
        ),
    )
    op.execute(
        """
        INSERT INTO refunds (id, payment_id, amount_minor, reason, status)
        SELECT gen_random_uuid(), id, amount_minor, 'before refunds were recorded', 'succeeded'
        FROM payments WHERE status = 'refunded'
        """
    )
    op.execute("UPDATE payments SET status = 'paid' WHERE status = 'refunded'")

    op.add_column("payments", sa.Column("credit_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("payments", sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plans.id")))
    op.execute("UPDATE payments SET plan_id = s.plan_id FROM subscriptions AS s WHERE s.id = payments.subscription_id")
    op.alter_column("payments", "plan_id", nullable=False)
    op.create_check_constraint(op.f("ck_payments_kind_known"), "payments", "kind IN ('first', 'period', 'upgrade')")
    op.create_check_constraint(op.f("ck_payments_status_known"), "payments", "status IN ('pending', 'paid', 'failed')")
    op.create_check_constraint(
        op.f("ck_subscriptions_status_known"),
        "subscriptions",
        "status IN ('pending', 'active', 'past_due', 'cancelled')",
    )
    op.create_table(
        "provider_tasks",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("merchant_trade_no", sa.String(20)),
        sa.Column("refund_id", sa.Uuid(), sa.ForeignKey("refunds.id")),
        sa.Column("status", sa.String(10), nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_attempt_at", TIMESTAMP, nullable=False, server_default=sa.func.now()),
        sa.Column("last_error", sa.String(200)),
    )
    op.create_index(
        "ix_provider_tasks_due", "provider_tasks", ["next_attempt_at"], postgresql_where=sa.text("status = 'pending'")
    )


def downgrade() -> None:
    op.drop_table("provider_tasks")
    op.drop_constraint(op.f("ck_subscriptions_status_known"), "subscriptions")
    op.drop_constraint(op.f("ck_payments_status_known"), "payments")
    op.drop_constraint(op.f("ck_payments_kind_known"), "payments")
    op.execute(
        """
        UPDATE payments SET status = 'refunded'
        FROM (SELECT payment_id, sum(amount_minor) AS total FROM refunds WHERE status = 'succeeded' GROUP BY payment_id)
            AS refunded
        WHERE refunded.payment_id = payments.id AND refunded.total >= payments.amount_minor
        """
    )
    op.drop_column("payments", "plan_id")
    op.drop_column("payments", "credit_minor")
    op.drop_table("refunds")
