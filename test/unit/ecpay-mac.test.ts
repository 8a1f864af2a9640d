import { describe, expect, it } from "vitest"
import { checkMacValue, dotnetUrlEncode, isAuthentic } from "../../core/ecpay/mac.js"
import { fieldsOf, publishedExamples, verifyExamples } from "../../core/ecpay/published.js"

const stage = { hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" }

describe("CheckMacValue", () => {
  it.each(publishedExamples.map((example) => [example.source, example] as const))(
    "is what ECPay has published: %s",
    (_, { fields, keys, mac }) => {
      expect(checkMacValue(fields, keys)).toBe(mac)
    },
  )

  // github.com/ECPay/ECPay-API-Skill, test-vectors/checkmacvalue.json
  it.each([
    [
      "letters beyond ASCII",
      "MerchantID=3002607&MerchantTradeNo=Test1234567890&MerchantTradeDate=2025/01/01 12:00:00&PaymentType=aio&TotalAmount=100&TradeDesc=測試&ItemName=測試商品&ReturnURL=https://example.com/notify&ChoosePayment=ALL&EncryptType=1",
      "291CBA324D31FB5A4BBBFDF2CFE5D32598524753AFD4959C3BF590C5B2F57FB2",
    ],
    [
      "blanks",
      "MerchantID=3002607&ItemName=My Test Product&TotalAmount=300",
      "7712A5E6EDC3B57086063C88568084C66CE882A21D40E74DE5ACA3B478C6F316",
    ],
  ])("is what ECPay has published for %s", (_, written, mac) => {
    expect(checkMacValue(fieldsOf(written), stage)).toBe(mac)
  })

  // computed by ECPay's own SDK: npm ecpay_aio_nodejs 1.2.2, lib/ecpay_payment/helper.js, gen_chk_mac_value
  it.each([
    [
      "a query",
      { MerchantID: "3002607", MerchantTradeNo: "f0a0d7e9fae1bb72bc93", TimeStamp: "1767225600" },
      "A6D6B38D0504E5498D8DB8C784D7E147D09ADC985FF4DE28F4D954B2A1B63332",
    ],
    [
      "every kind of character, and names in both cases",
      { MerchantID: "3002607", TradeDesc: "-_.!*() ~' %41+#&;:@/?", amount: "1", gwsr: "2", TradeNo: "3", Zeta: "é促" },
      "14EE40558E908ED9A7798B1368A8510A7EEA9B5FB88D4F8B10CA9EF948BE9A16",
    ],
  ])("is what ECPay's own SDK computes for %s", (_, fields, mac) => {
    expect(checkMacValue(Object.entries(fields), stage)).toBe(mac)
  })

  // answers of ECPay's test environment that others have recorded: its values are not escaped
  it.each([
    [
      "HandlingCharge=0&ItemName=&MerchantID=3002607&MerchantTradeNo=PRB1790506627828&PaymentDate=&PaymentType=&PaymentTypeChargeFee=0&TradeAmt=0&TradeDate=&TradeNo=&TradeStatus=10200047&CheckMacValue=5648F8E8354B11940F611ADE50CCA58DD4916DCC960DF7BF4D73960DBE432366",
    ],
    [
      "CustomField1=&CustomField2=&CustomField3=&CustomField4=&HandlingCharge=0&ItemName=A%41 B+C 50% x1#玫瑰&MerchantID=3002607&MerchantTradeNo=CMVT1790500783393&PaymentDate=&PaymentType=&PaymentTypeChargeFee=0&StoreID=&TradeAmt=100&TradeDate=2026/09/27 17:19:43&TradeNo=2609271719430090&TradeStatus=0&CheckMacValue=A4CB290D6DEC3243B24F8D2DC18F6F88EDA20EA79636A2DF1028CAEF7AD3294A",
    ],
  ])("is in a real answer of ECPay's: %.60s…", (answer) => {
    expect(isAuthentic(fieldsOf(answer), stage)).toBe(true)
    expect(isAuthentic(fieldsOf(answer.replace("TradeAmt=", "TradeAmt=1")), stage)).toBe(false)
  })

  it("is not believed when it is cut, empty, in small letters, or of another key", () => {
    const fields = fieldsOf("A=1&B=2")
    const mac = checkMacValue(fields, stage)
    const signed = (value: string) => isAuthentic([...fields, ["CheckMacValue", value]], stage)
    expect([
      signed(mac),
      signed(mac.slice(1)),
      signed(""),
      signed(mac.toLowerCase()),
      signed(checkMacValue(fields, { ...stage, hashIv: "x" })),
      isAuthentic(fields, stage),
    ]).toEqual([true, false, false, false, false, false])
  })

  it("has a proof of the computation that tells when it is wrong", () => {
    expect(verifyExamples()).toEqual({ right: 5, of: 5, wrong: [] })
    const broken = publishedExamples.map((example, index) =>
      index === 1 ? { ...example, mac: example.mac.replace("8", "9") } : example,
    )
    expect(verifyExamples(broken)).toEqual({
      right: 4,
      of: 5,
      wrong: ["developers.ecpay.com.tw/2878: a payment's notification"],
    })
  })
})

describe("ECPay's way of escaping", () => {
  // the conversion table of developers.ecpay.com.tw, column ".NET (ecpay)"
  it("leaves -_.!*() alone, writes a blank as + and escapes everything else in small letters", () => {
    expect(dotnetUrlEncode("-_.!*() ")).toBe("-_.!*()+")
    expect(dotnetUrlEncode("~'@#$%^&=+;?/\\><`[]{}:\",|")).toBe(
      "%7e%27%40%23%24%25%5e%26%3d%2b%3b%3f%2f%5c%3e%3c%60%5b%5d%7b%7d%3a%22%2c%7c",
    )
  })
})
