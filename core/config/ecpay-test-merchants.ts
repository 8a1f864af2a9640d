/**
 * Merchants that ECPay has published for everybody to test with. Anybody can sign with their keys: they are right in
 * every environment but production.
 *
 * - 3002607, 3002599, 3003008: developers.ecpay.com.tw/?p=16447 (payments) and the notification example in github.com/ECPay
 * - 2000132, 2000933: ?p=7398 (logistics), ?p=22539; many SDKs begin with 2000132 (github.com/ECPay/ECPayAIO_Node.js)
 * - 2000214: the same keys without a one-time password (github.com/ECPay/ECPayAIO_Python, and ECPay-API-Skill)
 * - 2000132 and 3085340 of e-invoices: ?p=7849, ?p=21984
 * - 3085672, 3085676, 3362787, 3361934 of e-tickets: ?p=41068 and github.com/ECPay/ECPay-API-Skill, guides/09-ecticket.md
 */
export const TEST_MERCHANTS = [
  { merchantId: "3002607", hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" },
  { merchantId: "3002599", hashKey: "spPjZn66i0OhqJsQ", hashIv: "hT5OJckN45isQTTs" },
  { merchantId: "3003008", hashKey: "FCnGLNS7P3xQ2q3E", hashIv: "awL5GRWRhyaybq13" },
  { merchantId: "2000132", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000214", hashKey: "5294y06JbISpM5x9", hashIv: "v77hoKGq4kWxNNIS" },
  { merchantId: "2000933", hashKey: "XBERn1YOvpM9nfZc", hashIv: "h1ONHk4P4yqbl5LK" },
  { merchantId: "2000132", hashKey: "ejCk326UnaZWKisg", hashIv: "q9jcZX8Ib9LM8wYk" },
  { merchantId: "3085340", hashKey: "HwiqPsywG1hLQNuN", hashIv: "YqITWD4TyKacYXpn" },
  { merchantId: "3085672", hashKey: "b15bd8514fed472c", hashIv: "9c8458263def47cd" },
  { merchantId: "3085676", hashKey: "7b53896b742849d3", hashIv: "37a0ad3c6ffa428b" },
  { merchantId: "3362787", hashKey: "c539115ea7674f20", hashIv: "86f625e60cb1473a" },
  { merchantId: "3361934", hashKey: "1069c84afab54f16", hashIv: "795c968d90c14971" },
] as const

const KEYS: readonly string[] = TEST_MERCHANTS.flatMap(({ hashKey, hashIv }) => [hashKey, hashIv])

export const TEST_MERCHANT_IDS: readonly string[] = [...new Set(TEST_MERCHANTS.map(({ merchantId }) => merchantId))]

export function isTestMerchant(merchantId: string): boolean {
  return TEST_MERCHANT_IDS.includes(merchantId)
}

/** A key that everybody can read in ECPay's documentation. */
export function isPublishedKey(key: string): boolean {
  return KEYS.includes(key)
}

/** Forms in which a value may carry a key: as it is, in JSON or a URL, encoded. Sixteen random characters are no accident. */
export function holdsPublishedKey(value: string): boolean {
  const texts = [value, ...decodings(value)]
  return KEYS.some((key) => texts.some((text) => text.includes(key)))
}

/** The same for a merchant's number, which may also be a part of a longer one by accident: it must stand by itself. */
export function holdsTestMerchant(value: string): boolean {
  const texts = [value, ...decodings(value)]
  return texts.some((text) => (text.match(/\d+/g) ?? []).some(isTestMerchant))
}

function decodings(value: string): string[] {
  const trimmed = value.trim()
  return [
    ...(/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(trimmed) ? [Buffer.from(trimmed, "base64").toString("latin1")] : []),
    ...(/^([0-9a-f]{2}){7,}$/i.test(trimmed) ? [Buffer.from(trimmed, "hex").toString("latin1")] : []),
    ...(/%[0-9a-f]{2}/i.test(trimmed)
      ? [trimmed.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))]
      : []),
  ]
}
