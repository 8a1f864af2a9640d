import { z } from "zod"

/**
 * What the suite container writes about one run: the driver's own observations of the runner, and one record per
 * pytest process, sent from inside it. Everything the gate believes is in here; the runner's word is kept beside it.
 */

const outcome = z.enum(["passed", "failed", "skipped", "xfailed", "xpassed"])

const phase = z.object({ outcome: z.enum(["passed", "failed", "skipped"]), seconds: z.number() })

const problem = z.object({
  /** First line a person should read: the exception's message. */
  message: z.string(),
  /** Where it happened, relative to the app's folder, when pytest knew. */
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  traceback: z.string(),
})

const testRecord = z.object({
  id: z.string(),
  file: z.string(),
  line: z.number().int().nullable(),
  outcome,
  seconds: z.number(),
  phases: z.object({ setup: phase.optional(), call: phase.optional(), teardown: phase.optional() }),
  /** Failures by phase: a passed test whose teardown fails has one here. */
  problems: z.array(problem.extend({ phase: z.enum(["setup", "call", "teardown"]) })),
  skipReason: z.string().nullable(),
  /** What the test printed and logged; kept only when it did not pass. */
  output: z.string(),
  reruns: z.number().int(),
  /** What was seen below pytest's hooks; null: pytest made no report of the test in this process. */
  observed: z
    .object({
      /** Whether the test's own function was entered; null: it has none that is Python's, or it could not be watched. */
      entered: z.boolean().nullable(),
      /** What it returned, other than nothing. */
      returned: z.string().nullable(),
    })
    .nullable(),
})

/** A hook of pytest in a file of the app's. */
const hook = z.object({ name: z.string(), file: z.string(), line: z.number().int() })

const processRecord = z.object({
  pid: z.number().int(),
  role: z.enum(["main", "worker"]),
  arguments: z.array(z.string()),
  /** Where the session started, relative to the app's folder; absolute when outside of it. */
  folder: z.string(),
  python: z.string(),
  pytest: z.string(),
  startedAt: z.string(),
  /** Files whose import began; one that is not in `modules` ended the process or failed. */
  imported: z.array(z.string()),
  /** Files that pytest collected, with the number of tests found before anything removed one. */
  modules: z.array(z.object({ file: z.string(), tests: z.number().int() })),
  collectionErrors: z.array(problem.extend({ file: z.string() })),
  skippedModules: z.array(z.object({ file: z.string(), reason: z.string() })),
  /** Tests taken out by -k, -m, --deselect and the like: pytest said so. */
  deselected: z.array(z.string()),
  /** Tests that a hook took out of the collection without saying so. */
  removed: z.array(z.string()),
  /** Tests and classes in a collected file that the runner's arguments left out (file.py::test_one). */
  narrowed: z.array(z.string()),
  /** Tests that were about to run when collection was over. */
  selected: z.array(z.string()),
  tests: z.array(testRecord),
  /** The test that had begun and not ended when the record stops. */
  running: z.string().nullable(),
  internalErrors: z.array(problem),
  /** Exceptions in a thread, a task or a destructor that no one handled, and coroutines that were never awaited. */
  unhandled: z.array(
    problem.extend({
      kind: z.enum(["thread", "task", "coroutine", "unraisable"]),
      who: z.string(),
      test: z.string().nullable(),
    }),
  ),
  /** Whether asserts mean something; null: no test was about to run. */
  assertions: z.object({ rewritten: z.boolean(), optimized: z.number().int() }).nullable(),
  /** Tollgate's own tests in this process; null: none ran, as in a controller of pytest-xdist. */
  canaries: z
    .object({
      ran: z.number().int(),
      lies: z.array(z.object({ what: z.string(), hooks: z.array(hook) })),
      /** Why they could not run. */
      broken: z.string().nullable(),
    })
    .nullable(),
  /** Functions of the recorder that were changed while it ran. */
  changed: z.array(z.string()),
  /** pytest's own exit status as it was before any hook could rewrite it; null: the session never finished. */
  exitStatus: z.number().int().nullable(),
  /** Why pytest stopped early, when it did (-x, --maxfail, a session.shouldstop). */
  stoppedBecause: z.string().nullable(),
  /** The process reached the end of its pytest session. A killed one, or one left by os._exit, did not. */
  closed: z.boolean(),
})

const runnerEnd = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exited"), code: z.number().int() }),
  z.object({ kind: z.literal("signalled"), signal: z.string() }),
  z.object({ kind: z.literal("timed-out"), seconds: z.number() }),
  z.object({ kind: z.literal("not-started"), why: z.string() }),
])

export const suiteEvidence = z.object({
  format: z.literal(1),
  suite: z.string(),
  command: z.array(z.string()),
  startedAt: z.string(),
  seconds: z.number(),
  runner: runnerEnd,
  /** Listed files that were not in the source when the suite began. */
  missingFiles: z.array(z.string()),
  /** A command of `qa.before` that failed; the runner was not started then. */
  failedBefore: z.object({ command: z.string(), code: z.number().int() }).nullable(),
  processes: z.array(processRecord),
  /** Records that no recorder wrote, and lines in one that were not its own. */
  forged: z.array(z.string()),
  /** Names of the coverage data files that the suite's processes left. */
  coverageFiles: z.array(z.string()),
  /** What coverage.py said in processes that it did not measure. */
  coverageErrors: z.array(z.string()).default([]),
  /** The last lines the runner printed. */
  outputTail: z.string(),
})

export type TestRecord = z.infer<typeof testRecord>
export type ProcessRecord = z.infer<typeof processRecord>
export type RunnerEnd = z.infer<typeof runnerEnd>
export type SuiteEvidence = z.infer<typeof suiteEvidence>
