import { z } from "zod"
import { source } from "./common.js"
import { requiredSecret, requiredText, secret, text } from "./option.js"

const report = text("file for the full report, as JSON")

export const checkConfigOptions = z.object({
  source,
  env: requiredText("environment of tollgate.yaml, such as staging or production", { alias: "environment" }),
  secrets: requiredSecret("its configuration in dotenv form"),
  against: secret(
    "configuration of the environment with which it must share no value (staging's for production, production's for staging)",
    { usual: "none; sharing is not checked" },
  ),
  report,
})

export const checkEcpayOptions = z.object({
  source,
  env: requiredText(
    "environment of tollgate.yaml; production queries payment.ecpay.com.tw, all others payment-stage.ecpay.com.tw, unless environments.NAME.ecpay.endpoint overrides this",
    { alias: "environment" },
  ),
  secrets: requiredSecret("its configuration in dotenv form, with ECPAY_MERCHANT_ID, ECPAY_HASH_KEY and ECPAY_HASH_IV"),
  report,
})
