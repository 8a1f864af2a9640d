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

plans = sa.table("plans", sa.column("code"), sa.column("name"), sa.column("amount"))
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
        sa.text(
            "DELETE FROM plans WHERE code = ANY(:codes) AND id NOT IN (SELECT plan_id FROM subscriptions)"
        ).bindparams(codes=[plan["code"] for plan in LAUNCH_PLANS])
    )
