import { TEST_MERCHANT_IDS } from "./ecpay-test-merchants.js"
import type { Rule } from "./environment-rules.js"

/** What is built in for payment services. Everything here can be changed in tollgate.yaml. */

export interface Preset {
  required: readonly string[]
  optional: readonly string[]
  defaults: Readonly<Record<string, string>>
  rules: Readonly<Record<string, Rule>>
}

/** ECPay's own lengths: MerchantID is String(10) and a number, at least 7 digits; the keys of its documentation have 16 characters. */
const merchantId: Rule = { pattern: "[0-9]{7,10}", expected: "ECPay's merchant id: 7 to 10 digits" }
const ecpayKey: Rule = {
  pattern: "[A-Za-z0-9]{16}",
  minEntropy: 24,
  expected: "16 letters and digits, as ECPay issues them",
}

/**
 * NIST SP 800-63B (revision 3) asks for 64 bits of entropy where guesses are not rate-limited (§5.1.2.2) and of a session's
 * secret (§7.1).
 */
const TOKEN_BITS = 64

/** What these names mean in any environment. */
export const commonRules: Readonly<Record<string, Rule>> = {
  // Django's readers of URLs have names of their own for Postgres
  DATABASE_URL: { url: ["postgres", "postgresql", "pgsql", "psql", "postgis", "timescale", "timescalegis"] },
  REDIS_URL: { url: ["redis", "rediss", "unix", "valkey", "valkeys"] },
  ECPAY_MERCHANT_ID: merchantId,
  ECPAY_HASH_KEY: ecpayKey,
  ECPAY_HASH_IV: ecpayKey,
  ADMIN_WEBHOOK_TOKEN: { minEntropy: TOKEN_BITS, expected: "a random token, for example of `openssl rand -hex 32`" },
  SENTRY_DSN: { url: ["https", "http"] },
  ALERT_WEBHOOK_URL: { url: ["https"] },
  BACKUP_SCHEDULE: {
    pattern: String.raw`@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[\d*/,-]+\s+[\d*/,-]+(\s+[\w*/,#?-]+){3}`,
    expected: "a cron expression such as 0 3 * * *",
    shared: true,
  },
  LOG_LEVEL: { oneOf: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], shared: true, example: true },
  DEBUG: { oneOf: ["true", "false", "1", "0"], shared: true, example: true },
}

const needed = ["DATABASE_URL", "REDIS_URL", "ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ADMIN_WEBHOOK_TOKEN"]
const niceToHave = ["LOG_LEVEL", "DEBUG", "BACKUP_SCHEDULE", "ALERT_WEBHOOK_URL"]

/** ECPay gives everybody the same merchants to test with, so an example may have a real value of staging. */
const ofEcpaysTestEnvironment: Rule = { example: true }

const staging: Preset = {
  required: needed,
  optional: ["ECPAY_HASH_IV", "SENTRY_DSN", ...niceToHave],
  defaults: { LOG_LEVEL: "DEBUG", DEBUG: "true" },
  rules: {
    ECPAY_MERCHANT_ID: {
      ...ofEcpaysTestEnvironment,
      startsWith: ["3002", ...TEST_MERCHANT_IDS.filter((id) => !id.startsWith("3002"))],
    },
    ECPAY_HASH_KEY: ofEcpaysTestEnvironment,
    ECPAY_HASH_IV: ofEcpaysTestEnvironment,
    DATABASE_URL: { contains: ["staging"] },
  },
}

const production: Preset = {
  required: [...needed, "ECPAY_HASH_IV", "SENTRY_DSN"],
  optional: niceToHave,
  defaults: { LOG_LEVEL: "INFO", DEBUG: "false" },
  rules: {
    ECPAY_MERCHANT_ID: { notStartsWith: ["3002"] },
    DATABASE_URL: { contains: ["production", "render.com"] },
    DEBUG: { oneOf: ["false", "0"] },
  },
}

export const presetNames = ["staging", "production", "none"] as const
export type PresetName = (typeof presetNames)[number]

export const presets: Readonly<Record<PresetName, Preset>> = {
  staging,
  production,
  none: { required: [], optional: [], defaults: {}, rules: {} },
}

/** The set that an environment begins with when it does not say. */
export function presetOf(environment: string): PresetName {
  return environment === "staging" || environment === "production" ? environment : "none"
}
