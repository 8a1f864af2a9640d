import { randomUUID } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path/posix"
import { type Container, type Directory, dag, ReturnType } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { APP, appEnvironment } from "../../qa/environment.js"
import { TollgateError } from "../../shared/errors.js"
import { runProgram } from "../../shared/run-program.js"
import { ALONE } from "../alembic/alone.js"
import { SCRIPTS } from "../alembic/app-alembic.js"
import type { MigrationTool } from "../alembic/migration-tool.js"
import type { AppReach } from "../connect/reach.js"

const FILES = ["alone", "command", "django", "once"].map((name) => `tollgate_${name}.py`)
/** Has Python for our launcher, where the commands' own image need not have it. */
const LAUNCHER = "python:3.11-slim"
const ROOT = "/image"

const answer = z.object({ steps: z.array(z.object({ code: z.number(), out: z.string(), err: z.string() })).nullable() })

/** How one command ended. */
export interface CommandRan {
  code: number
  out: string
  err: string
}

export interface CommandStep {
  command: string
  /** What it must print, for the next one to run; null: whatever it prints. */
  expect: string | null
}

export interface RunOptions {
  /** Besides those of the database. */
  variables?: Readonly<Record<string, string>>
  /** For every session of a program that uses libpq. */
  session?: { options: string; name: string }
  /** What changes a database is done once, however often the engine starts what asks for it. */
  once?: boolean
}

/** The app's commands, in the container that they run in. */
export class AppCommands {
  readonly #container: Container
  readonly #interpreter: string
  readonly #files: { root: string; folder: string } | null
  readonly #environment: Record<string, string>
  readonly #without: string[]

  private constructor(
    container: Container,
    interpreter: string,
    files: { root: string; folder: string } | null,
    environment: Record<string, string>,
    without: string[],
  ) {
    this.#container = container
    this.#interpreter = interpreter
    this.#files = files
    this.#environment = environment
    this.#without = without
  }

  static async of(
    settings: Settings,
    source: Directory,
    { commands, folder }: Extract<MigrationTool, { kind: "commands" }>,
  ): Promise<AppCommands> {
    const place = join(APP, folder)
    if (commands.image === undefined) {
      const container = (await environmentWithPython(settings, source)).withDirectory(APP, source).withWorkdir(place)
      return new AppCommands(await withScripts(container), settings.qa.interpreter, null, {}, [])
    }
    const image = await pulled(commands.image)
    const launcher = dag.container().from(LAUNCHER)
    const [own, theirs] = await Promise.all([variablesOf(launcher), variablesOf(image)])
    const container = (await withScripts(launcher)).withMountedDirectory(
      ROOT,
      image.withDirectory(APP, source).rootfs(),
    )
    return new AppCommands(container, "python", { root: ROOT, folder: place }, theirs, [...Object.keys(own), "HOME"])
  }

  /** Runs commands one after the other, where the database of `reach` can be reached and nothing else. null: it left no account. */
  async run(
    reach: AppReach,
    steps: readonly CommandStep[],
    { variables = {}, session, once = false }: RunOptions = {},
  ): Promise<CommandRan[] | null> {
    let container = reach.forApp(this.#container)
    for (const [name, value] of Object.entries(variables)) container = container.withEnvVariable(name, value)
    if (session !== undefined) {
      const given = (await container.envVariable("PGOPTIONS")) ?? ""
      container = container
        .withEnvVariable("PGOPTIONS", `${given} ${session.options}`.trim())
        .withEnvVariable("PGAPPNAME", session.name)
    }
    const question = {
      bridge: { ...reach.bridge, ...(this.#files ?? {}) },
      claim: once ? randomUUID() : null,
      environment: this.#environment,
      without: this.#without,
      steps,
    }
    const asked = container
      .withMountedCache("/var/lib/tollgate/claims", dag.cacheVolume("tollgate-claims"))
      .withEnvVariable("TOLLGATE_NONCE", randomUUID())
    const ran = await runProgram(
      asked,
      [this.#interpreter, `${SCRIPTS}/tollgate_command.py`, JSON.stringify(question)],
      ALONE,
    )
    if (ran.code !== 0) return null
    const clean = (text: string): string => reach.redact(text)
    return (
      answer
        .parse(JSON.parse(ran.out))
        .steps?.map(({ code, out, err }) => ({ code, out: clean(out), err: clean(err) })) ?? null
    )
  }
}

async function variablesOf(container: Container): Promise<Record<string, string>> {
  const found = await container.envVariables()
  return Object.fromEntries(await Promise.all(found.map(async (one) => [await one.name(), await one.value()] as const)))
}

async function pulled(image: string): Promise<Container> {
  try {
    return await dag.container().from(image).sync()
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? ""
    throw new TollgateError(
      "image-missing",
      `Could not pull ${image} (database.commands.image): ${said}`,
      "Correct the name, or give the engine access to the image's registry. Nothing was changed.",
    )
  }
}

async function environmentWithPython(settings: Settings, source: Directory): Promise<Container> {
  try {
    return await appEnvironment(settings.app, settings.qa, source)
  } catch (error) {
    const { image } = settings.app
    const has = await dag
      .container()
      .from(image)
      .withExec(["sh", "-c", `command -v ${settings.qa.interpreter}`], { expect: ReturnType.Any })
      .exitCode()
      .catch(() => 0)
    if (has === 0) throw error
    throw new TollgateError(
      "commands-without-python",
      `app.image (${image}) has no ${settings.qa.interpreter}: Tollgate runs database.commands through Python, so that they reach one database only.`,
      "Set database.commands.image to the image that the commands run in, such as the service's own: it needs no Python. Nothing was changed.",
    )
  }
}

async function withScripts(container: Container): Promise<Container> {
  let with_ = container
  for (const file of FILES)
    with_ = with_.withNewFile(
      `${SCRIPTS}/${file}`,
      await readFile(new URL(`../python/${file}`, import.meta.url), "utf8"),
    )
  return with_
}
