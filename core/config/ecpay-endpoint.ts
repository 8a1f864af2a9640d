/** ECPay's own addresses: https://developers.ecpay.com.tw/?p=2890 */
export function isOfficial(endpoint: string): boolean {
  return /^https:\/\/[a-z0-9-]+\.ecpay\.com\.tw(:443)?$/i.test(endpoint)
}

/** Where real money is. */
export function isProduction(endpoint: string): boolean {
  return isOfficial(endpoint) && !/^https:\/\/[a-z0-9]+-stage\./i.test(endpoint)
}
