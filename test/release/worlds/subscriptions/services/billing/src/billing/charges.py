from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from billing.database import transaction
from billing.models import Charge


async def charge(key: str, cents: int) -> Charge:
    """Charges once for each key, however often and at once it is asked."""
    async with transaction() as session:
        await session.execute(
            insert(Charge).values(idempotency_key=key, cents=cents, status="paid").on_conflict_do_nothing()
        )
        return await session.scalar(select(Charge).where(Charge.idempotency_key == key))


async def refund(key: str) -> Charge | None:
    async with transaction() as session:
        found = await session.scalar(select(Charge).where(Charge.idempotency_key == key).with_for_update())
        if found is not None:
            found.status = "refunded"
        return found
