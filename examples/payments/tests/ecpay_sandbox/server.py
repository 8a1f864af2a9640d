"""The HTTP face of the sandbox."""

import html
import re
import time
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from typing import Any
from urllib.parse import urlencode

from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse

from tests.ecpay_sandbox.checksum import checksum
from tests.ecpay_sandbox.notify import Notifier, new_charge
from tests.ecpay_sandbox.state import DECLINED, Faults, Order, State

REQUIRED = [
    "MerchantID",
    "MerchantTradeNo",
    "MerchantTradeDate",
    "PaymentType",
    "TotalAmount",
    "TradeDesc",
    "ItemName",
    "ReturnURL",
    "ChoosePayment",
    "EncryptType",
    "CheckMacValue",
]
LIMITS = {"D": (365, 999), "M": (12, 99), "Y": (1, 9)}
CLOCK_SKEW_SECONDS = 180
ERROR_PAGE = "<html><body><h1>系統錯誤</h1></body></html>"
MAINTENANCE_PAGE = "<html><body><h1>系統維護中</h1></body></html>"


def create_sandbox(merchant_id: str, hash_key: str, hash_iv: str) -> FastAPI:
    app = FastAPI(title="ECPay sandbox")
    state = State()
    notifier = Notifier(state, hash_key, hash_iv)
    app.state.sandbox = state

    def genuine(form: dict[str, str]) -> bool:
        return form.get("MerchantID") == merchant_id and form.get("CheckMacValue") == checksum(form, hash_key, hash_iv)

    async def read(request: Request) -> dict[str, str]:
        form = {name: str(value) for name, value in (await request.form()).items()}
        with state.lock:
            state.calls.append({"path": request.url.path, "form": form, "port": request.client.port})
        return form

    async def misbehave(fault: str) -> Response | None:
        match fault:
            case "timeout":
                await run_in_threadpool(state.release.wait, 30)
                return PlainTextResponse("", 504)
            case "http500":
                return PlainTextResponse("Internal Server Error", 500)
            case "html":
                return HTMLResponse(ERROR_PAGE)
            case "maintenance":
                return HTMLResponse(MAINTENANCE_PAGE, 503)
            case "empty":
                return PlainTextResponse("")
            case "stall":
                return StreamingResponse(half_an_answer(), media_type="text/html")
            case "unknown_merchant":
                return PlainTextResponse(urlencode({"RtnCode": "10100050", "RtnMsg": "MerchantID Error"}))
            case "refuse":
                return PlainTextResponse(urlencode({"RtnCode": "10200001", "RtnMsg": "refused"}))
        return None

    def half_an_answer() -> Iterator[str]:
        yield "MerchantID="
        state.release.wait(30)

    @app.post("/Cashier/AioCheckOut/V5")
    async def checkout(request: Request) -> Response:
        form = await read(request)
        problem = order_problem(form, state) or ("" if genuine(form) else "10200073 CheckMacValue Error")
        if problem:
            return HTMLResponse(f"<html><body><h1>{html.escape(problem)}</h1></body></html>")
        with state.lock:
            serial = state.serial()
            state.orders[form["MerchantTradeNo"]] = Order(form, f"24{serial}00")
        return HTMLResponse(card_page(form))

    @app.post("/Cashier/Pay")
    async def pay(request: Request) -> Response:
        form = await read(request)
        order = state.orders.get(form.get("MerchantTradeNo", ""))
        if order is None:
            raise HTTPException(404, "no such order")
        return await run_in_threadpool(authorize, order, form.get("CardNo", ""))

    def authorize(order: Order, card: str) -> Response:
        faults = state.faults
        if faults.slow_ms:
            state.release.wait(faults.slow_ms / 1000)
        order.simulated = faults.simulate_paid
        # Declines as ECPay's stage does not let anybody try them: by the card's last digits.
        declined = faults.decline or re.sub(r"\D", "", card).endswith("0002")
        with state.lock:
            charge = None if declined else new_charge(state, order, succeeded=True)
            order.status = "10200095" if declined else ("0" if order.simulated else "1")
        fields = notifier.return_fields(order, charge, DECLINED if declined else "1")
        notifier.send_return(order, fields)
        return HTMLResponse(back_page(order.fields.get("OrderResultURL", ""), notifier.signed(fields)))

    @app.post("/Cashier/QueryTradeInfo/V5")
    async def query_trade(request: Request) -> Response:
        form = await read(request)
        fault = state.api_fault(request.url.path)
        if (broken := await misbehave(fault)) is not None:
            return broken
        if not timely(form) or not genuine(form):
            return PlainTextResponse(urlencode({"TradeStatus": "10200073"}))
        order = state.orders.get(form["MerchantTradeNo"])
        answer = {
            "CustomField1": "",
            "HandlingCharge": "0",
            "ItemName": order.fields["ItemName"] if order else "",
            "MerchantID": "3002599" if fault == "other_merchant" else merchant_id,
            "MerchantTradeNo": form["MerchantTradeNo"],
            "PaymentDate": order.charges[0].process_date if order and order.charges else "",
            "PaymentType": "Credit_CreditCard",
            "PaymentTypeChargeFee": "0",
            "StoreID": "",
            "TradeAmt": order.fields["TotalAmount"] if order else "0",
            "TradeDate": order.fields["MerchantTradeDate"] if order else "",
            "TradeNo": order.trade_no if order else "",
            "TradeStatus": order.status if order else "10200047",
        }
        signed = notifier.signed(answer)
        if fault == "wrong_mac":
            signed["CheckMacValue"] = "F" * 64
        if fault == "no_mac":
            del signed["CheckMacValue"]
        return PlainTextResponse(urlencode(signed))

    @app.post("/Cashier/QueryCreditCardPeriodInfo")
    async def query_period(request: Request) -> Response:
        form = await read(request)
        fault = state.api_fault(request.url.path)
        if (broken := await misbehave(fault)) is not None:
            return broken
        order = state.orders.get(form.get("MerchantTradeNo", ""))
        if order is None or not timely(form) or not genuine(form):
            return JSONResponse({"RtnCode": 10200047, "MerchantTradeNo": ""})
        return JSONResponse(period_info(order))

    @app.post("/Cashier/CreditCardPeriodAction")
    async def period_action(request: Request) -> Response:
        form = await read(request)
        fault = state.api_fault(request.url.path)
        if (broken := await misbehave(fault)) is not None:
            return broken
        order = state.orders.get(form.get("MerchantTradeNo", ""))
        if not timely(form) or not genuine(form):
            return acted(form, "10200073", "CheckMacValue Error")
        if order is None or form.get("Action") != "Cancel" or not order.period_running:
            return acted(form, "10200000", "the order is not running")
        order.period_running = False
        return acted(form, "1", "OK")

    @app.post("/CreditDetail/DoAction")
    async def do_action(request: Request) -> Response:
        form = await read(request)
        fault = state.api_fault(request.url.path)
        if (broken := await misbehave(fault)) is not None:
            return broken
        order = state.orders.get(form.get("MerchantTradeNo", ""))
        if not genuine(form):
            return acted(form, "10200073", "CheckMacValue Error")
        with state.lock:
            charges = [each for each in (order.successful if order else []) if each.trade_no == form.get("TradeNo")]
            amount = int(form.get("TotalAmount", "0"))
            if form.get("Action") != "R" or not charges or amount <= 0:
                return acted(form, "10200001", "no such charge")
            if charges[0].refunded + amount > charges[0].amount:
                return acted(form, "10200002", "error_over_amount")
            charges[0].refunded += amount
        return acted(form, "1", "OK")

    @app.get("/_admin/state")
    def show_state() -> dict[str, Any]:
        return state.as_json()

    @app.post("/_admin/faults")
    def set_faults(body: dict[str, Any] = Body()) -> dict[str, str]:
        unknown = set(body) - {each.name for each in dataclass_fields(Faults)}
        if unknown:
            raise HTTPException(422, f"unknown faults: {sorted(unknown)}")
        state.faults = Faults(**body)
        return {"status": "ok"}

    @app.post("/_admin/reset")
    def reset() -> dict[str, str]:
        with state.lock:
            state.reset()
        return {"status": "ok"}

    @app.post("/_admin/charge/{trade_no}")
    def charge_again(trade_no: str, succeed: bool = True) -> dict[str, Any]:
        """What ECPay's schedule does when a period ends."""
        order = state.orders[trade_no]
        if not order.period_running:
            raise HTTPException(409, "the authorization was cancelled")
        with state.lock:
            charge = new_charge(state, order, succeed)
        notifier.send_period(order, charge)
        return {"gwsr": charge.gwsr, "answers": order.answers}

    @app.post("/_admin/notify/{trade_no}")
    def notify_again(trade_no: str) -> dict[str, Any]:
        """The same notification once more, as ECPay sends it when it was not answered `1|OK`."""
        order = state.orders[trade_no]
        notifier.send_return(order, notifier.return_fields(order, order.charges[0]))
        return {"answers": order.answers}

    return app


def timely(form: dict[str, str]) -> bool:
    stamp = form.get("TimeStamp", "")
    return stamp.isdigit() and abs(time.time() - int(stamp)) <= CLOCK_SKEW_SECONDS


def order_problem(form: dict[str, str], state: State) -> str:
    missing = [name for name in REQUIRED if not form.get(name)]
    if missing:
        return f"10200052 {missing[0]} is required"
    if not re.fullmatch(r"[A-Za-z0-9]{1,20}", form["MerchantTradeNo"]):
        return "10200052 MerchantTradeNo Error"
    if form["MerchantTradeNo"] in state.orders and state.orders[form["MerchantTradeNo"]].status != "0":
        return "10300028 MerchantTradeNo repeated"
    if not re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", form["MerchantTradeDate"]):
        return "10200052 MerchantTradeDate Error"
    if not re.fullmatch(r"[1-9]\d*", form["TotalAmount"]):
        return "10200052 TotalAmount Error"
    if form["EncryptType"] != "1" or form["PaymentType"] != "aio":
        return "10200052 EncryptType Error"
    return period_problem(form) if "PeriodAmount" in form else ""


def period_problem(form: dict[str, str]) -> str:
    limits = LIMITS.get(form.get("PeriodType", ""))
    if form["PeriodAmount"] != form["TotalAmount"]:
        return "10200104 PeriodAmount must equal TotalAmount"
    if limits is None or not 1 <= int(form.get("Frequency", "0")) <= limits[0]:
        return "10200105 Frequency Error"
    if not 2 <= int(form.get("ExecTimes", "0")) <= limits[1]:
        return "10200106 ExecTimes Error"
    return "" if form.get("PeriodReturnURL") else "10200107 PeriodReturnURL is required"


def period_info(order: Order) -> dict[str, Any]:
    sent = order.fields
    return {
        "MerchantID": sent["MerchantID"],
        "MerchantTradeNo": sent["MerchantTradeNo"],
        "TradeNo": order.trade_no,
        "RtnCode": 1,
        "PeriodType": sent["PeriodType"],
        "Frequency": int(sent["Frequency"]),
        "ExecTimes": int(sent["ExecTimes"]),
        "PeriodAmount": int(sent["PeriodAmount"]),
        "amount": int(sent["TotalAmount"]),
        "ExecStatus": "1" if order.period_running else "0",
        "TotalSuccessTimes": len(order.successful),
        "TotalSuccessAmount": sum(each.amount for each in order.successful),
        "ExecLog": [
            {
                "RtnCode": 1 if each.succeeded else int(DECLINED),
                "amount": each.amount,
                "gwsr": int(each.gwsr),
                "process_date": each.process_date,
                "auth_code": "777777",
                "TradeNo": each.trade_no,
            }
            for each in order.charges
        ],
    }


def acted(form: dict[str, str], code: str, message: str) -> Response:
    return PlainTextResponse(
        urlencode(
            {
                "MerchantID": form.get("MerchantID", ""),
                "MerchantTradeNo": form.get("MerchantTradeNo", ""),
                "TradeNo": form.get("TradeNo", ""),
                "RtnCode": code,
                "RtnMsg": message,
            }
        )
    )


def card_page(form: dict[str, str]) -> str:
    number = html.escape(form["MerchantTradeNo"], quote=True)
    back = html.escape(form.get("ClientBackURL", ""), quote=True)
    return f"""<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>ECPay</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
<h1>ECPay</h1><p>{html.escape(form["ItemName"])} <b id="total">NT${int(form["TotalAmount"]):,}</b></p>
<form method="post" action="/Cashier/Pay"><input type="hidden" name="MerchantTradeNo" value="{number}">
<label>Card number <input name="CardNo" inputmode="numeric" required></label>
<button type="submit">Pay</button></form><a href="{back}">Back to the shop</a></body></html>"""


def back_page(url: str, fields: dict[str, str]) -> str:
    inputs = "".join(
        f'<input type="hidden" name="{html.escape(name, quote=True)}" value="{html.escape(value, quote=True)}">'
        for name, value in fields.items()
    )
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>ECPay</title></head><body>
<form id="back" method="post" action="{html.escape(url, quote=True)}">{inputs}<noscript><button>Back</button></noscript>
</form><script>document.getElementById("back").submit()</script></body></html>"""
