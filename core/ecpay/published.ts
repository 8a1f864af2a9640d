import { TEST_MERCHANTS } from "../config/ecpay-test-merchants.js"
import { checkMacValue, type Field } from "./mac.js"

/** Examples published by ECPay, to verify the computation of CheckMacValue. */

const [paymentTests, , , olderTests] = TEST_MERCHANTS

export interface PublishedExample {
  source: string
  fields: readonly Field[]
  keys: { hashKey: string; hashIv: string }
  mac: string
}

/** Together they cover a space, `~`, `'`, non-ASCII letters, empty fields, and names whose order depends on case. */
export const publishedExamples: readonly PublishedExample[] = [
  {
    source: "developers.ecpay.com.tw/2902: an order",
    fields: fieldsOf(
      "TradeDesc=促銷方案&PaymentType=aio&MerchantTradeDate=2023/03/12 15:30:23&MerchantTradeNo=ecpay20230312153023&MerchantID=3002607&ReturnURL=https://www.ecpay.com.tw/receive.php&ItemName=Apple iphone 15&TotalAmount=30000&ChoosePayment=ALL&EncryptType=1",
    ),
    keys: paymentTests,
    mac: "6C51C9E6888DE861FD62FB1DD17029FC742634498FD813DC43D4243B5685B840",
  },
  {
    source: "developers.ecpay.com.tw/2878: a payment's notification",
    fields: fieldsOf(
      "CustomField1=&CustomField2=&CustomField3=&CustomField4=&MerchantID=3002607&MerchantTradeNo=D9RMXNrihUYM&PaymentDate=2024/12/31 12:26:09&PaymentType=Credit_CreditCard&PaymentTypeChargeFee=10&RtnCode=1&RtnMsg=交易成功&SimulatePaid=0&StoreID=&TradeAmt=402&TradeDate=2024/12/31 12:25:43&TradeNo=2412311225437371",
    ),
    keys: paymentTests,
    mac: "85D927637935683EA756CDEF76498FEB9F5D098A7A1AC4F0CB3B3609A9D4116A",
  },
  {
    source: "developers.ecpay.com.tw/2881: a code to pay by",
    fields: fieldsOf(
      "Barcode1=&Barcode2=&Barcode3=&ExpireDate=2017/12/28 00:39:03&MerchantID=2000132&MerchantTradeNo=Test1513787899&PaymentNo=LLL17355880822&PaymentType=CVS_CVS&RtnCode=10100073&RtnMsg=Get CVS Code Succeeded.&TradeAmt=2000&TradeDate=2017/12/21 00:39:03&TradeNo=17122100383415923452&StoreID=&CustomField1=&CustomField2=&CustomField3=&CustomField4=",
    ),
    keys: olderTests,
    mac: "C25373CE6379BB6116FAE8398F4A8E60B71B289D955F6B8A9D9F53FDCC97F571",
  },
  {
    source: "github.com/ECPay/ECPay-API-Skill, test-vectors/checkmacvalue.json: an apostrophe",
    fields: fieldsOf("MerchantID=3002607&ItemName=Tom's Shop&TotalAmount=100"),
    keys: paymentTests,
    mac: "CF0A3D4901D99459D8641516EC57210700E8A5C9AB26B1D021301E9CB93EF78D",
  },
  {
    source: "github.com/ECPay/ECPay-API-Skill, test-vectors/checkmacvalue.json: a tilde",
    fields: fieldsOf("MerchantID=3002607&ItemName=Test~Product&TotalAmount=200"),
    keys: paymentTests,
    mac: "CEEAE01D2F9A8E74D4AC0DCE7735B046D73F35A5EC99558A31A2EE03159DA1C9",
  },
]

/** How many of the published examples match. */
export function verifyExamples(examples: readonly PublishedExample[] = publishedExamples): {
  right: number
  of: number
  wrong: string[]
} {
  const wrong = examples
    .filter(({ fields, keys, mac }) => checkMacValue(fields, keys) !== mac)
    .map(({ source }) => source)
  return { right: examples.length - wrong.length, of: examples.length, wrong }
}

/** Splits `a=1&b=2` without unescaping, as ECPay writes its examples and answers. */
export function fieldsOf(written: string): Field[] {
  return written.split("&").flatMap((pair): Field[] => {
    const equals = pair.indexOf("=")
    return equals === -1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]]
  })
}
