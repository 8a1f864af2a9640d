/** An amount as a customer types it, in cents; null for what is no amount. */
export function cents(text) {
  const parts = /^(\d+)(?:[.,](\d{1,2}))?$/.exec(text.trim())
  return parts === null ? null : Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"))
}
