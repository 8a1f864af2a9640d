"""the plans on sale at launch

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

plans = sa.table(
    "plans",
    sa.column("id", sa.Integer()),
    sa.column("code", sa.String()),
    sa.column("name", sa.String()),
    sa.column("amount", sa.Integer()),
)
subscriptions = sa.table("subscriptions", sa.column("plan_id", sa.Integer()))
LAUNCH_PLANS = [
    {"code": "starter", "name": "Starter", "amount": 299},
    {"code": "team", "name": "Team", "amount": 899},
    {"code": "business", "name": "Business", "amount": 2990},
]


def upgrade() -> None:
    op.bulk_insert(plans, LAUNCH_PLANS)


def downgrade() -> None:
    # A plan somebody bought stays: the subscription points at it, and its price is part of the books.
    op.execute(
        sa.delete(plans).where(
            plans.c.code.in_([plan["code"] for plan in LAUNCH_PLANS]),
            plans.c.id.not_in(sa.select(subscriptions.c.plan_id)),
        )
    )
