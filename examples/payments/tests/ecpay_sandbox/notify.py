"""The notifications ECPay sends to ReturnURL and PeriodReturnURL."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.ecpay_sandbox.checksum import checksum
from tests.ecpay_sandbox.state import DECLINED, Charge, Order, State, taipei_now


class Notifier:
    def __init__(self, state: State, hash_key: str, hash_iv: str) -> None:
        self._state = state
        self._keys = (hash_key, hash_iv)
        self._http = httpx.Client(timeout=10, verify=False, limits=httpx.Limits(max_keepalive_connections=0))

    def signed(self, fields: dict[str, str]) -> dict[str, str]:
        return {**fields, "CheckMacValue": checksum(fields, *self._keys)}

    def return_fields(self, order: Order, charge: Charge | None, code: str = "1") -> dict[str, str]:
        sent = order.fields
        fields = {
            "MerchantID": sent["MerchantID"],
            "MerchantTradeNo": sent["MerchantTradeNo"],
            "StoreID": "",
            "RtnCode": code,
            "RtnMsg": "交易成功" if code == "1" else "Card declined",
            "TradeNo": order.trade_no,
            "TradeAmt": sent["TotalAmount"],
            "PaymentDate": charge.process_date if charge else "",
            "PaymentType": "Credit_CreditCard",
            "PaymentTypeChargeFee": "0",
            "TradeDate": sent["MerchantTradeDate"],
            "SimulatePaid": "1" if order.simulated else "0",
            "CustomField1": "",
            "CustomField2": "",
            "CustomField3": "",
            "CustomField4": "",
        }
        if sent.get("NeedExtraPaidInfo") == "Y" and charge:
            fields |= {
                "gwsr": charge.gwsr,
                "process_date": charge.process_date,
                "auth_code": "777777",
                "amount": sent["TotalAmount"],
                "card4no": "2222",
                "card6no": "431195",
                "eci": "0",
                "PeriodType": sent.get("PeriodType", ""),
                "Frequency": sent.get("Frequency", ""),
                "ExecTimes": sent.get("ExecTimes", ""),
                "PeriodAmount": sent.get("PeriodAmount", ""),
                "TotalSuccessTimes": str(len(order.successful)),
                "TotalSuccessAmount": str(sum(each.amount for each in order.successful)),
            }
        if self._state.faults.wrong_amount:
            fields["TradeAmt"] = str(int(fields["TradeAmt"]) + 1)
        return fields

    def period_fields(self, order: Order, charge: Charge) -> dict[str, str]:
        sent = order.fields
        return {
            "MerchantID": sent["MerchantID"],
            "MerchantTradeNo": sent["MerchantTradeNo"],
            "StoreID": "",
            "RtnCode": "1" if charge.succeeded else DECLINED,
            "RtnMsg": "交易成功" if charge.succeeded else "Card declined",
            "PeriodType": sent["PeriodType"],
            "Frequency": sent["Frequency"],
            "ExecTimes": sent["ExecTimes"],
            "Amount": str(charge.amount),
            "Gwsr": charge.gwsr,
            "ProcessDate": charge.process_date,
            "AuthCode": "777777",
            "FirstAuthAmount": sent["TotalAmount"],
            "TotalSuccessTimes": str(len(order.successful)),
            "SimulatePaid": "0",
            "CustomField1": "",
            "CustomField2": "",
            "CustomField3": "",
            "CustomField4": "",
        }

    def send_return(self, order: Order, fields: dict[str, str]) -> None:
        faults = self._state.faults
        if faults.silent:
            return
        self._send(order, order.fields["ReturnURL"], fields, faults.copies)
        if faults.out_of_order:
            self._send(order, order.fields["ReturnURL"], self.return_fields(order, None, DECLINED), 1)

    def send_period(self, order: Order, charge: Charge) -> None:
        if not self._state.faults.silent:
            fields = self.period_fields(order, charge)
            self._send(order, order.fields["PeriodReturnURL"], fields, self._state.faults.copies)

    def _send(self, order: Order, url: str, fields: dict[str, str], copies: int) -> None:
        body = self.signed(fields)
        if self._state.faults.wrong_callback_mac:
            body["CheckMacValue"] = "0" * 64

        def post(_: int) -> str:
            try:
                return self._http.post(url, data=body).text
            except httpx.HTTPError as error:
                return f"unreachable: {type(error).__name__}"

        with ThreadPoolExecutor(copies) as pool:
            order.answers.extend(pool.map(post, range(copies)))


def new_charge(state: State, order: Order, succeeded: bool) -> Charge:
    serial = state.serial()
    # The first charge has the order's own TradeNo, each later one a new one that no notification tells.
    trade_no = f"{serial}9" if order.charges else order.trade_no
    charge = Charge(str(serial), trade_no, int(order.fields["TotalAmount"]), succeeded, taipei_now())
    order.charges.append(charge)
    return charge
