import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

/** How long a link can be used. */
export const LINK_MINUTES = 10
/** How long a session lasts. */
export const SESSION_HOURS = 12
/** Wrong links within a minute after which all are refused for the rest of it. */
export const MOST_WRONG = 10

const MINUTE = 60_000

export type SignedIn = { kind: "session"; id: string } | { kind: "wrong" } | { kind: "wait"; seconds: number }

/**
 * Sessions, and the sign-in by links that each work once. Tokens and session ids have 256 random bits; only their digests are kept, and
 * compared in constant time. All of it is lost with the process.
 */
export class SignIn {
  readonly #now: () => number
  #links: { digest: Buffer; expires: number }[] = []
  #sessions: { digest: Buffer; expires: number; person: string | null }[] = []
  #wrong: number[] = []

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @returns the token of a new link */
  newLink(): string {
    const token = secret()
    this.#links.push({ digest: digestOf(token), expires: this.#now() + LINK_MINUTES * MINUTE })
    return token
  }

  /** Uses up a link. */
  signIn(token: string): SignedIn {
    const now = this.#now()
    this.#wrong = this.#wrong.filter((at) => at > now - MINUTE)
    const oldest = this.#wrong.at(0)
    if (oldest !== undefined && this.#wrong.length >= MOST_WRONG)
      return { kind: "wait", seconds: Math.ceil((oldest + MINUTE - now) / 1000) }
    this.#links = this.#links.filter(({ expires }) => expires > now)
    const used = find(this.#links, token)
    if (used === null) {
      this.#wrong.push(now)
      return { kind: "wrong" }
    }
    this.#links = this.#links.filter((link) => link !== used)
    return { kind: "session", id: this.open(null) }
  }

  /**
   * The session is always a new one: an id that the browser sent never becomes one.
   *
   * @param person name of the account that signed in; null: a link did, which names nobody
   * @returns its id
   */
  open(person: string | null): string {
    const id = secret()
    this.#sessions.push({ digest: digestOf(id), expires: this.#now() + SESSION_HOURS * 60 * MINUTE, person })
    return id
  }

  personOf(id: string): string | null {
    return this.isSession(id) ? (find(this.#sessions, id)?.person ?? null) : null
  }

  isSession(id: string): boolean {
    const now = this.#now()
    this.#sessions = this.#sessions.filter(({ expires }) => expires > now)
    return find(this.#sessions, id) !== null
  }

  /** Of the forms of one session: a page of another site cannot read it. */
  formToken(id: string): string {
    return digestOf(`form ${id}`).toString("base64url")
  }

  isFormToken(id: string, token: string): boolean {
    return this.isSession(id) && timingSafeEqual(digestOf(this.formToken(id)), digestOf(token))
  }

  signOut(id: string): void {
    const session = find(this.#sessions, id)
    this.#sessions = this.#sessions.filter((one) => one !== session)
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url")
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}

/** Looks at all of them, so that the time says nothing about which one fits. */
function find<Kept extends { digest: Buffer }>(kept: readonly Kept[], text: string): Kept | null {
  const digest = digestOf(text)
  let found: Kept | null = null
  for (const one of kept) if (timingSafeEqual(one.digest, digest)) found = one
  return found
}
