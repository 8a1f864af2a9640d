import type { SuiteResult } from "../qa/result.js"

/** Settings that most often help, by what a failed suite said. */
const KNOWN: readonly { said: RegExp; advice: string }[] = [
  {
    said: /relation "[^"]*" does not exist|UndefinedTable|no such table/,
    advice: 'the tables do not exist: make them before the tests, such as qa.before: ["alembic upgrade head"]',
  },
  {
    said: /OperationalError|connection to server (at|on)|could not connect to server|could not translate host name|Connect call failed \([^)]*543\d\)/,
    advice:
      'the database did not answer where the app looked: it is at DATABASE_URL; in parts, qa.env: { DB_HOST: "{host}", DB_PORT: "{port}" }',
  },
  {
    said: /error while loading shared libraries|cannot open shared object file/,
    advice: "a library of Debian's is missing: name its package in app.packages",
  },
]

/** At most two lines: a screen has no room for what is only likely. */
const MOST = 2

/** What may help failed suites, for a person who has not configured them before. */
export function adviceOn(failed: readonly SuiteResult[]): string[] {
  const said = failed.map(wordsOf).join("\n")
  const module = missingModule(said)
  return [
    ...(module === null ? [] : [module]),
    ...KNOWN.filter((known) => known.said.test(said)).map(({ advice }) => advice),
  ].slice(0, MOST)
}

function wordsOf({ verdict, tests, evidence }: SuiteResult): string {
  return [
    ...(verdict.kind === "failed" ? verdict.reasons.map(({ message }) => message) : []),
    ...tests.flatMap(({ problems }) => problems.flatMap(({ message, traceback }) => [message, traceback])),
    evidence?.outputTail ?? "",
  ].join("\n")
}

function missingModule(said: string): string | null {
  const [, name] = /No module named '([A-Za-z_]\w*)/.exec(said) ?? []
  if (name === undefined) return null
  return `${name} is not installed: add it to the dependencies; or, if it is the app's own in a folder such as src, qa.env: { PYTHONPATH: src }`
}
