"""one customer per e-mail address whatever its case; existing doubles are merged into the oldest

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        WITH kept AS (
            SELECT id, first_value(id) OVER (PARTITION BY lower(email) ORDER BY created_at, id) AS keeper
            FROM customers
        )
        UPDATE subscriptions SET customer_id = kept.keeper
        FROM kept WHERE subscriptions.customer_id = kept.id AND kept.id <> kept.keeper
        """
    )
    op.execute(
        """
        DELETE FROM customers USING customers AS older
        WHERE lower(customers.email) = lower(older.email)
          AND (older.created_at, older.id) < (customers.created_at, customers.id)
        """
    )
    op.drop_constraint("uq_customers_email", "customers")
    op.create_index("uq_customers_email_lower", "customers", [sa.text("lower(email)")], unique=True)


def downgrade() -> None:
    # Merged customers stay merged: which subscription came from which spelling was not worth keeping.
    op.drop_index("uq_customers_email_lower", "customers")
    op.create_unique_constraint("uq_customers_email", "customers", ["email"])
