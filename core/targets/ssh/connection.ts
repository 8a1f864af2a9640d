import type { Duplex } from "node:stream"
import type { Client, ClientChannel } from "ssh2"
import { deferred } from "../../shared/deferred.js"
import { TargetError } from "../errors.js"
import { addressText, type SshAccess } from "./access.js"
import { type Mark, newMark, ownOutput, ownWords } from "./answer.js"
import { lineOf, NOTHING, type RemoteCommand, type RemoteResult, ranOutOfTime } from "./command.js"
import {
  cutOff,
  hostKeyRefused,
  keyUnusable,
  loginRefused,
  notReached,
  printedTooMuch,
  shellPrints,
  tookTooLong,
} from "./failure.js"
import { algorithmsFor, judgeHostKey, knownFor } from "./known-hosts.js"
import { keyRefusal, readPrivateKey } from "./private-key.js"

const CONNECT_SECONDS = 15
const ALIVE_SECONDS = 5
const ALIVE_MISSED = 3
/** More than any command of Tollgate prints. */
const MOST_OUTPUT = 4 * 1024 * 1024

/** One SSH connection to one host, opened when it is first needed, and again when it was cut. */
export class SshConnection {
  readonly #access: SshAccess
  readonly place: string
  /** The host on the way, as `ssh -J` names it; null: it is reached directly. */
  readonly #via: SshConnection | null
  #client: Promise<Client> | null = null

  constructor(access: SshAccess, place: string) {
    this.#access = access
    this.place = place
    this.#via =
      access.via === undefined
        ? null
        : new SshConnection(access.via, `${addressText(access.via)} (jump host for ${place})`)
  }

  async run(command: RemoteCommand): Promise<RemoteResult> {
    const client = await this.#open()
    const { promise, resolve, reject } = deferred<RemoteResult>()
    const mark = newMark()
    // the host enforces the timeout; this covers a host that no longer answers
    const timer = setTimeout(
      () => {
        reject(tookTooLong(this.place, command.what, command.seconds))
        client.destroy()
      },
      (command.seconds + 20) * 1000,
    )
    const cut = () => reject(cutOff(this.place, command.what))
    client.once("close", cut)
    try {
      // throws when the connection has ended in this very moment
      client.exec(lineOf(command, this.#access.user, mark), (error, channel) => {
        if (error !== undefined) return cut()
        collect(channel, command, this.place, resolve, reject, cut)
      })
    } catch {
      cut()
    }
    try {
      return this.#own(await promise, command, mark)
    } finally {
      clearTimeout(timer)
      client.off("close", cut)
    }
  }

  /** Removes what the login shell printed before and after. */
  #own({ code, stdout, stderr }: RemoteResult, { what, script }: RemoteCommand, mark: Mark): RemoteResult {
    // it is run for the connection alone: there is no answer to tell from anything
    if (script === NOTHING) return { code, stdout: "", stderr }
    const own = ownOutput(stdout, mark)
    if (code === 0 && own === null) throw shellPrints(this.place, what)
    return { code, stdout: own ?? ownWords(stdout, mark), stderr: ownWords(stderr, mark) }
  }

  /** Opens a TCP connection from the host. */
  async dial(host: string, port: number): Promise<Duplex> {
    const client = await this.#open()
    const { promise, resolve, reject } = deferred<Duplex>()
    const cut = () => reject(cutOff(this.place, `connect to ${host}:${port}`))
    client.once("close", cut)
    client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === undefined) return resolve(channel)
      const forbidden = /administratively prohibited|not allowed/i.test(error.message)
      const next = forbidden
        ? "Allow it in sshd_config: AllowTcpForwarding local."
        : "Check that the service there is running and listening."
      reject(new TargetError("unreachable", this.place, `the host cannot connect to ${host}:${port}.`, next))
    })
    try {
      return await promise
    } finally {
      client.off("close", cut)
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null)
    this.#client = null
    client?.end()
    await this.#via?.close()
  }

  async #open(): Promise<Client> {
    if (this.#client !== null) return await this.#client
    const opening = this.#connect()
    this.#client = opening
    const forget = () => {
      if (this.#client === opening) this.#client = null
    }
    opening.then((client) => client.once("close", forget), forget)
    return await opening
  }

  async #connect(): Promise<Client> {
    const { host, port, user, knownHosts, knownAs, identity } = this.#access
    const known = knownFor(knownHosts, knownAs?.host ?? host, knownAs?.port ?? port)
    const algorithms = algorithmsFor(known)
    const [{ default: ssh2 }, login, sock] = await Promise.all([
      import("ssh2"),
      this.#login(identity),
      this.#via?.dial(host, port),
    ])
    const client = new ssh2.Client()
    const { promise, resolve, reject } = deferred<Client>()
    let refusal: TargetError | null = null
    // small requests and answers would each wait some 40 ms for an acknowledgement
    if (sock === undefined) client.once("connect", () => client.setNoDelay(true))
    client.once("ready", () => resolve(client))
    // an error after that is followed by the end of the connection, which a waiting call sees
    client.on("error", (error) => reject(refusal ?? this.#failure(error)))
    client.once("close", () => reject(refusal ?? notReached(this.place, "it was closed at once")))
    try {
      client.connect({
        ...(sock === undefined ? { host, port } : { sock }),
        username: user,
        ...login,
        readyTimeout: CONNECT_SECONDS * 1000,
        keepaliveInterval: ALIVE_SECONDS * 1000,
        keepaliveCountMax: ALIVE_MISSED,
        ...(algorithms.length > 0 ? { algorithms: { serverHostKey: serverHostKeys(algorithms) } } : {}),
        hostVerifier: (key: Buffer) => {
          const verdict = judgeHostKey(known, key)
          if (verdict.kind === "known") return true
          refusal = hostKeyRefused(this.place, verdict, known.authority)
          return false
        },
      })
    } catch (error) {
      const passphrase = "passphrase" in login
      throw keyUnusable(this.place, keyRefusal(error instanceof Error ? error.message : "", passphrase))
    }
    return await promise
  }

  async #login(
    identity: SshAccess["identity"],
  ): Promise<{ agent: string } | { privateKey: string; passphrase?: string }> {
    if (identity.kind === "agent") return { agent: identity.socket }
    const passphrase = (await identity.passphrase?.()) ?? null
    const read = readPrivateKey(await identity.key(), passphrase)
    if (read.kind === "refused") throw keyUnusable(this.place, read)
    return { privateKey: read.pem, ...(passphrase === null ? {} : { passphrase }) }
  }

  #failure(error: Error & { level?: string }): TargetError {
    if (error.level === "client-authentication" || error.level === "agent")
      return loginRefused(this.place, this.#access.user, this.#access.identity.kind)
    if (/no matching (host key|server host key)/i.test(error.message))
      return new TargetError(
        "host-key",
        this.place,
        "the host has no key of the types in knownHosts. Nothing was sent to it.",
        "Compare the output of `ssh-keyscan HOST` with the host's own keys, then add it to knownHosts.",
      )
    return notReached(this.place, error.message)
  }
}

type HostKeyAlgorithm =
  | "ssh-ed25519"
  | "ecdsa-sha2-nistp256"
  | "ecdsa-sha2-nistp384"
  | "ecdsa-sha2-nistp521"
  | "rsa-sha2-512"
  | "rsa-sha2-256"
const SUPPORTED: readonly HostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
]

function serverHostKeys(names: readonly string[]): HostKeyAlgorithm[] {
  return SUPPORTED.filter((one) => names.includes(one))
}

function collect(
  channel: ClientChannel,
  command: RemoteCommand,
  place: string,
  resolve: (result: RemoteResult) => void,
  reject: (error: TargetError) => void,
  cut: () => void,
): void {
  const began = performance.now()
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let size = 0
  const keep = (list: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length
    if (size <= MOST_OUTPUT) list.push(chunk)
  }
  channel.on("data", keep(stdout))
  channel.stderr.on("data", keep(stderr))
  // a command that ends before it has read everything closes the pipe: its exit code says why
  channel.on("error", () => undefined)
  let code: number | null = null
  channel.once("exit", (status: number | null) => {
    code = status ?? 137
  })
  channel.once("close", () => {
    if (code === null) return cut()
    // 137 is also what a command ends with that somebody else has killed
    if (ranOutOfTime(code) && performance.now() - began >= command.seconds * 1000)
      return reject(tookTooLong(place, command.what, command.seconds))
    if (size > MOST_OUTPUT) return reject(printedTooMuch(place, command.what, MOST_OUTPUT))
    resolve({ code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") })
  })
  channel.end(command.input ?? "")
}
