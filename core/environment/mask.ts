/**
 * Shown in place of a value. It contains no character of the value, since a partial mask (`sk_l…9f`) helps an attacker. The range
 * of the length helps to notice a truncated value.
 */
export function mask(value: string): string {
  return `•••• ${lengthClass(value.length)}`
}

function lengthClass(length: number): string {
  if (length < 16) return "under 16"
  if (length < 32) return "16 to 31"
  if (length < 64) return "32 to 63"
  return "64 or more"
}
