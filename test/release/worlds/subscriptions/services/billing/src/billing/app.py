import os

from fastapi import FastAPI, HTTPException
from money import cents
from pydantic import BaseModel
from sqlalchemy import text

from billing.charges import charge, refund
from billing.database import transaction

app = FastAPI()


class Order(BaseModel):
    key: str
    amount: str


@app.get("/health")
async def health() -> dict[str, str]:
    async with transaction() as session:
        await session.execute(text("SELECT 1 FROM charges LIMIT 1"))
    return {"status": "ok"}


@app.get("/version")
async def version() -> str:
    return os.environ.get("APP_VERSION", "unknown")


@app.post("/charges", status_code=201)
async def post_charge(order: Order) -> dict[str, str | int]:
    try:
        made = await charge(order.key, cents(order.amount))
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    return {"id": made.id, "cents": made.cents, "status": made.status}


@app.post("/charges/{key}/refund")
async def post_refund(key: str) -> dict[str, str]:
    refunded = await refund(key)
    if refunded is None:
        raise HTTPException(404, "no such charge")
    return {"status": refunded.status}
