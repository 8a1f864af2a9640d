import { randomUUID } from "node:crypto"
import { type Container, dag } from "@dagger.io/dagger"
import { z } from "zod"
import { type Ran, runProgram } from "../run-program.js"
import { SCRIPTS } from "./app-alembic.js"

const CLAIMS = "/var/lib/tollgate/claims"
const QUESTIONS = "/var/lib/tollgate/questions"

const answered = z.object({ code: z.number(), answer: z.unknown(), output: z.string() })

/** What became of one question to the app's alembic. */
export type Answered = z.output<typeof answered>

export interface AlembicQuestion {
  action: string
  arguments: string[]
  /** Of Postgres, for each session. */
  session: Record<string, string>
  /** What changes a database is done once, however often the engine starts what asks for it. */
  once: boolean
}

/**
 * The app's alembic, for one database, for as long as a run takes: loading it takes several times as long as most of what it is asked.
 * Each question has a process of its own, which has loaded nothing of the app before.
 */
export class AlembicServer {
  readonly #bare: Container
  readonly #interpreter: string
  readonly #folder = `${QUESTIONS}/${randomUUID()}`
  readonly #ended: Promise<Ran>
  #over = false

  /**
   * @param bare the app's container, without a way to a database
   * @param bound the same with one
   */
  constructor(bare: Container, bound: Container, interpreter: string, configuration: string) {
    const withFolder = (container: Container): Container =>
      container.withMountedCache(QUESTIONS, dag.cacheVolume("tollgate-alembic-questions")).withEnvVariable("TOLLGATE_NONCE", randomUUID())
    this.#bare = withFolder(bare)
    this.#interpreter = interpreter
    this.#ended = runProgram(withFolder(bound).withMountedCache(CLAIMS, dag.cacheVolume("tollgate-claims")), [interpreter, `${SCRIPTS}/tollgate_alembic.py`, configuration, this.#folder])
    // why it ended is told where an answer is missing
    const over = (): void => void (this.#over = true)
    this.#ended.then(over, over)
  }

  /** It ended, and answers nothing any more. */
  get over(): boolean {
    return this.#over
  }

  async ask({ once, ...question }: AlembicQuestion): Promise<Answered> {
    const name = randomUUID()
    const stdin = JSON.stringify({ ...question, claim: once ? name : null })
    const asking = this.#run([this.#folder, name], stdin)
    asking.catch(() => undefined)
    const first = await Promise.race([asking.then(({ code, out }) => (code === 0 ? answered.parse(JSON.parse(out)) : null)), this.#ended.then(() => null)])
    if (first !== null) return first
    const { code, out, err } = await this.#ended
    return { code, answer: null, output: out + err }
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.#run([this.#folder, "stop"], ""), this.#ended])
  }

  #run(parameters: string[], stdin: string): Promise<Ran> {
    return runProgram(this.#bare, [this.#interpreter, "-IS", `${SCRIPTS}/tollgate_ask.py`, ...parameters], { stdin })
  }
}
