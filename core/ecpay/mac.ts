import { createHash, timingSafeEqual } from "node:crypto"

/** CheckMacValue, ECPay's signature over form fields: https://developers.ecpay.com.tw/2902/ */
export const MAC_FIELD = "CheckMacValue"

export type Field = readonly [name: string, value: string]

export interface MacKeys {
  hashKey: string
  hashIv: string
}

/**
 * .NET's HttpUtility.UrlEncode in lower case: spaces as `+`, `-_.!*()` unescaped, `~` and `'` escaped (unlike JavaScript and Python).
 */
export function dotnetUrlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+").replaceAll("~", "%7e").replaceAll("'", "%27").toLowerCase()
}

export function checkMacValue(fields: readonly Field[], { hashKey, hashIv }: MacKeys): string {
  const signed = fields
    .filter(([name]) => name !== MAC_FIELD)
    // case-insensitive: a plain sort would put `amount` after `TradeNo`
    .map(([name, value]) => ({ rank: name.toLowerCase(), written: `${name}=${value}` }))
    .sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0))
    .map(({ written }) => written)
  const whole = [`HashKey=${hashKey}`, ...signed, `HashIV=${hashIv}`].join("&")
  return createHash("sha256").update(dotnetUrlEncode(whole)).digest("hex").toUpperCase()
}

/** Compared in constant time, so that timing reveals nothing about the signature. */
export function isAuthentic(fields: readonly Field[], keys: MacKeys): boolean {
  const given = Buffer.from(fields.find(([name]) => name === MAC_FIELD)?.[1] ?? "")
  const right = Buffer.from(checkMacValue(fields, keys))
  return given.length === right.length && timingSafeEqual(given, right)
}
