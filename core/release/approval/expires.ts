import { TollgateError } from "../../shared/errors.js"

/** Parses --expires: a duration from now (4h, 90m, 1h30m), or a time with its offset. */
export function readExpiry(given: string, now: Date): Date {
  const [, hours, minutes] = /^(?=.*[1-9])(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/.exec(given.trim()) ?? []
  if (hours !== undefined || minutes !== undefined)
    return new Date(now.getTime() + (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000)
  if (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(given.trim()) &&
    !Number.isNaN(Date.parse(given))
  )
    return new Date(given)
  throw new TollgateError(
    "approval-expiry",
    "--expires is neither a duration nor a time.",
    "Write --expires=4h, or a time with its offset: --expires=2026-11-22T18:00+08:00. Nothing was signed.",
  )
}
