import { randomUUID } from "node:crypto"
import { type Container, dag } from "@dagger.io/dagger"
import { z } from "zod"
import { type Ran, runProgram } from "../../shared/run-program.js"
import { ALONE, aloneCommand, type Bridge } from "./alone.js"
import { SCRIPTS } from "./app-alembic.js"
import type { BeforeCommit } from "./before-commit.js"

const CLAIMS = "/var/lib/tollgate/claims"
const QUESTIONS = "/var/lib/tollgate/questions"

/** Exit code when nobody is there to give an answer. */
const GONE = 90

/**
 * Puts a question to tollgate_serve.py in another container: $0 is the folder that both have, $1 a name, standard input the question.
 * The process that answers holds a lock on `alive` as long as it lives; one that has not begun is waited for.
 */
const ASK = `umask 077; mkdir -p "$0"; cd "$0"
cat > "$1.draft"; mv "$1.draft" "$1.ask"
gone() {
  { flock --shared --nonblock 9 && return 0 || return 1; } 9<"$0/alive" 2>/dev/null
  [ ! -d "$0" ]
}
exec 8<> <(:)
for (( turn = 1; ; turn += 1 )); do
  [ ! -e "$0/$1.answered" ] || break
  if (( turn % 10 == 0 )) && gone "$0" && [ ! -e "$0/$1.answered" ]; then exit ${GONE}; fi
  read -t 0.02 -u 8 || true
done
cat "$0/$1.answered"`

/** It ends as soon as it sees this, or as soon as it has begun. What a run that was killed has left goes after a day. */
const STOP = `umask 077; mkdir -p "$0"; : > "$0/stop"
find "\${0%/*}" -mindepth 1 -maxdepth 1 -mtime +0 -exec rm -rf {} + 2>/dev/null || true`

export const answered = z.object({ code: z.number(), answer: z.unknown(), output: z.string() })

/** What became of one question to the app's alembic. */
export type Answered = z.output<typeof answered>

export interface AlembicQuestion {
  action: string
  arguments: string[]
  /** Of Postgres, for each session. */
  session: Record<string, string>
  /** Looked at before each commit; null: nothing is. */
  beforeCommit?: BeforeCommit | null
  /** Variables that it has besides those of the container: of another database that the bridge leads to. */
  environment?: Readonly<Record<string, string>>
  /** What changes a database is done once, however often the engine starts what asks for it. */
  once: boolean
}

/**
 * The app's alembic, for one database, for as long as a run takes: loading it takes several times as long as most of what it is asked.
 * Each question has a process of its own, which has loaded nothing of the app before.
 */
export class AlembicServer {
  readonly #asker: Container
  /** Of the questions. */
  readonly folder = `${QUESTIONS}/${randomUUID()}`
  readonly #ended: Promise<Ran>
  #over = false

  /**
   * @param app the app's container, with a way to the database
   * @param asker a container with bash and no way to it. Not the app's: one that knows certificate authorities takes several times as
   *   long to start, where the engine has to add some of its own
   * @param bridge to the database that the app's code reaches, and nothing else
   * @param program what answers: one of our scripts, called with alembic's configuration and the folder of the questions
   * @param longest seconds after which it is ended, whatever it does; null: its statements have limits of their own
   */
  constructor(
    app: Container,
    asker: Container,
    bridge: Bridge,
    interpreter: string,
    configuration: string,
    program = "tollgate_alembic.py",
    longest: number | null = null,
  ) {
    this.#asker = this.withFolder(asker)
    this.#ended = runProgram(
      this.withFolder(app).withMountedCache(CLAIMS, dag.cacheVolume("tollgate-claims")),
      [
        ...(longest === null ? [] : ["timeout", String(longest)]),
        ...aloneCommand(interpreter, bridge, [`${SCRIPTS}/${program}`, configuration, this.folder]),
      ],
      ALONE,
    )
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
    const asking = this.#run(ASK, [name], stdin)
    asking.catch(() => undefined)
    const first = await Promise.race([asking.then(answerOf), this.#ended.then(() => null)])
    if (first !== null) return first
    return this.lastWords()
  }

  /** A container in which a program can put questions by itself, and which is never answered from the engine's cache. */
  withFolder(container: Container): Container {
    return container
      .withMountedCache(QUESTIONS, dag.cacheVolume("tollgate-alembic-questions"))
      .withEnvVariable("TOLLGATE_NONCE", randomUUID())
  }

  /** Why an answer is missing: how it ended. */
  async lastWords(): Promise<Answered> {
    const { code, out, err } = await this.#ended
    return { code, answer: null, output: out + err }
  }

  /** Tells it to end, which it then does by itself. */
  async stop(): Promise<void> {
    if (!this.#over) await this.#run(STOP, [], "").catch(() => undefined)
  }

  #run(script: string, parameters: string[], stdin: string): Promise<Ran> {
    return runProgram(this.#asker, ["bash", "-euc", script, this.folder, ...parameters], { stdin })
  }
}

/** null: nobody is there to give one. */
function answerOf({ code, out, err }: Ran): Answered | null {
  if (code === GONE) return null
  return code === 0 ? answered.parse(JSON.parse(out)) : { code, answer: null, output: err }
}
