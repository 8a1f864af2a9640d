/**
 * What is shown in a value's place. No character of it: those that a mask leaves standing (`sk_l…9f`) are what two people
 * compare, and what an attacker starts with. Of the length no more than its class, so that a value which was cut off can be
 * told from one that is whole.
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
