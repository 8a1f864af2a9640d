import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** How long a person may take at the provider. */
export const ATTEMPT_MINUTES = 10
/** Used ones that are remembered: beyond that the provider alone refuses to exchange a code twice. */
const MOST_USED = 10_000

/** One sign-in of one browser, from its start here to its return from the provider. */
export interface Attempt {
  /** In the browser's cookie. */
  readonly cookie: string
  /** In the provider's answer: it belongs to this browser's attempt. */
  readonly state: string
  /** In the token: it was made for this attempt. */
  readonly nonce: string
  /** PKCE: only the process that started an attempt can exchange its code. */
  readonly verifier: string
  /** The page that was asked for. */
  readonly to: string
}

/**
 * What an attempt needs is computed from its cookie and a key of this process. Nothing is kept of those that were only started, so that
 * starting many costs nothing; a changed cookie is another attempt, whose state nobody has.
 */
export class Attempts {
  readonly #now: () => number
  readonly #key = randomBytes(32)
  /** Until they expire: one attempt signs in once. */
  readonly #used = new Map<string, number>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  start(to: string): Attempt {
    const expires = this.#now() + ATTEMPT_MINUTES * 60_000
    return this.#of(`${randomBytes(32).toString("base64url")}.${expires}.${Buffer.from(to).toString("base64url")}`, to)
  }

  /**
   * The attempt that an answer belongs to, which cannot be taken again.
   *
   * @returns null: another browser's, an old one, one that was used, or none
   */
  take(cookie: string, state: string): Attempt | null {
    const [, expires = "0", to = ""] = /^[\w-]{43}\.(\d{1,15})\.([\w-]*)$/.exec(cookie) ?? []
    const now = this.#now()
    for (const [one, until] of this.#used)
      if (until <= now || this.#used.size > MOST_USED) this.#used.delete(one)
      else break
    const attempt = this.#of(cookie, Buffer.from(to, "base64url").toString())
    if (Number(expires) <= now || this.#used.has(cookie) || !same(attempt.state, state)) return null
    this.#used.set(cookie, Number(expires))
    return attempt
  }

  #of(cookie: string, to: string): Attempt {
    const derive = (purpose: string) =>
      createHmac("sha256", this.#key).update(`${purpose} ${cookie}`).digest("base64url")
    return { cookie, to, state: derive("state"), nonce: derive("nonce"), verifier: derive("verifier") }
  }
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
