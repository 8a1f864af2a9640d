import { isProduction } from "../config/ecpay-endpoint.js"
import { isPublishedKey, isTestMerchant } from "../config/ecpay-test-merchants.js"
import type { EnvironmentSettings } from "../config/environments.js"
import type { EcpayProblem } from "./result.js"

export interface Credentials {
  merchantId: string
  hashKey: string
  hashIv: string
}

export const CREDENTIAL_NAMES = {
  merchantId: "ECPAY_MERCHANT_ID",
  hashKey: "ECPAY_HASH_KEY",
  hashIv: "ECPAY_HASH_IV",
} as const

/** The three credentials and their problems. Messages contain names only. */
export function judgeCredentials(
  values: ReadonlyMap<string, string>,
  environment: string,
  settings: EnvironmentSettings,
): { credentials: Credentials; problems: EcpayProblem[] } {
  const valueNamed = (name: string) => values.get(name) ?? ""
  const credentials = {
    merchantId: valueNamed(CREDENTIAL_NAMES.merchantId),
    hashKey: valueNamed(CREDENTIAL_NAMES.hashKey),
    hashIv: valueNamed(CREDENTIAL_NAMES.hashIv),
  }
  const missing = Object.values(CREDENTIAL_NAMES).filter((name) => valueNamed(name).trim() === "")
  const problems: EcpayProblem[] = []
  if (missing.length > 0)
    problems.push({
      code: "credentials-missing",
      message: `--secrets does not contain ${missing.join(", ")}`,
      next: "signing a query needs all three",
    })
  if (!missing.includes(CREDENTIAL_NAMES.merchantId))
    problems.push(...judgeMerchant(credentials.merchantId, environment, settings))
  for (const [name, key] of [
    [CREDENTIAL_NAMES.hashKey, credentials.hashKey],
    [CREDENTIAL_NAMES.hashIv, credentials.hashIv],
  ] as const) {
    if (!missing.includes(name)) problems.push(...judgeKey(name, key, settings.ecpay.endpoint))
  }
  if (missing.length === 0 && credentials.hashKey === credentials.hashIv)
    problems.push(
      malformed(
        `${CREDENTIAL_NAMES.hashKey} and ${CREDENTIAL_NAMES.hashIv} have the same value`,
        "they are two different keys: copy each from ECPay's vendor site again",
      ),
    )
  return { credentials, problems }
}

function judgeMerchant(merchantId: string, environment: string, settings: EnvironmentSettings): EcpayProblem[] {
  const name = CREDENTIAL_NAMES.merchantId
  // String(10) and a number of usually 7 digits: developers.ecpay.com.tw ?p=2890 and ?p=38428
  if (!/^[0-9]{7,10}$/.test(merchantId))
    return [
      malformed(
        `${name} is not a number of 7 to 10 digits${blanks(merchantId)}`,
        "copy it from ECPay's vendor site again",
      ),
    ]
  const { startsWith = [], notStartsWith = [] } =
    settings.variables.find((variable) => variable.name === name)?.rule ?? {}
  const { endpoint } = settings.ecpay
  if (isProduction(endpoint) && (isTestMerchant(merchantId) || merchantId.startsWith("3002")))
    return [elsewhere(`${name} belongs to ECPay's test environment, and ${endpoint} is production`, environment)]
  const forbidden = notStartsWith.filter((beginning) => merchantId.startsWith(beginning))
  if (forbidden.length > 0) return [elsewhere(`${name} begins with ${forbidden.join(", ")}`, environment)]
  if (startsWith.length > 0 && !startsWith.some((beginning) => merchantId.startsWith(beginning)))
    return [elsewhere(`${name} does not begin with ${startsWith.join(" or ")}`, environment)]
  return []
}

function judgeKey(name: string, key: string, endpoint: string): EcpayProblem[] {
  if (!/^[A-Za-z0-9]{16}$/.test(key)) {
    const what = key.length === 16 ? "contains characters other than letters and digits" : "does not have 16 characters"
    return [
      malformed(
        `${name} ${what}${blanks(key)}`,
        "ECPay's keys have 16 letters and digits: copy it from the vendor site again",
      ),
    ]
  }
  if (isProduction(endpoint) && isPublishedKey(key))
    return [
      {
        code: "published-key",
        message: `${name} is published in ECPay's documentation`,
        next: "use your own merchant's key, from ECPay's vendor site",
      },
    ]
  return []
}

function malformed(message: string, next: string): EcpayProblem {
  return { code: "credentials-malformed", message, next }
}

function elsewhere(message: string, environment: string): EcpayProblem {
  return {
    code: "other-environment",
    message: `${message}: these are not the credentials of ${environment}`,
    next: `pass the secrets of ${environment}, or correct environments.${environment} in tollgate.yaml`,
  }
}

function blanks(value: string): string {
  return value === value.trim() ? "" : ": it begins or ends with whitespace"
}
