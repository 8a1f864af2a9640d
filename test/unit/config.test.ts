import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"
import { TollgateError } from "../../core/shared/errors.js"

const smallest = `qa:
  runner: tests/qa.py
  suites:
    e2e:
      files: [tests/test_e2e.py]
`

function refusal(text: string, file?: string): SettingsError {
  try {
    parseSettings(text, file)
  } catch (error) {
    if (error instanceof SettingsError) return error
    throw error
  }
  throw new Error("the settings were accepted")
}

/** Each problem in one line: where, what, and the suggestion after an arrow. */
function problems(text: string): string[] {
  return refusal(text).problems.map(
    ({ path, line, column, message, suggestion }) =>
      `${line}:${column} ${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
  )
}

const inQa = (more: string): string => `${smallest}${more.replace(/^/gm, "  ")}\n`
const inSuite = (more: string): string => `${smallest}${more.replace(/^/gm, "      ")}\n`

describe("settings that are right", () => {
  it("are complete when only a runner and a suite are given", () => {
    const { environments, ...settings } = parseSettings(smallest)
    expect(Object.keys(environments)).toEqual(["staging", "production", "sandbox"])
    expect(settings).toEqual({
      version: 1,
      app: {
        path: ".",
        workdir: ".",
        image: "python:3.11-slim",
        packages: [],
        dependencies: { files: null, install: null, secrets: [] },
        setup: [],
      },
      qa: {
        runner: "tests/qa.py",
        interpreter: "python",
        arguments: ["--verbose"],
        suiteFlag: "--suite",
        timeout: 600,
        env: {},
        secrets: [],
        before: [],
        services: {
          postgres: {
            image: "postgres:15",
            user: "app",
            password: "app",
            database: "app",
            env: "DATABASE_URL",
            url: "postgresql://{user}:{password}@{host}:{port}/{database}",
          },
          redis: { image: "redis:7", env: "REDIS_URL", url: "redis://{host}:{port}/0" },
          others: {},
        },
        artifacts: [],
        suites: {
          e2e: {
            files: ["tests/test_e2e.py"],
            command: null,
            timeout: 600,
            env: {},
            mayDeselect: [],
            mayLeaveUnhandled: [],
            mayReturn: [],
            mayFail: null,
            maxSkipped: null,
          },
        },
        coverage: null,
      },
      scan: {
        failOn: "critical",
        ignoreUnfixed: false,
        scanners: ["vulnerabilities", "secrets", "misconfiguration"],
        image: true,
        skip: [],
        maxDatabaseAge: 24,
        timeout: 600,
        ignore: [],
      },
      image: expect.objectContaining({ port: 8000, health: "/health", startTimeout: 60, maxSize: 1e9 }),
      release: {
        processes: {},
        healthTimeout: 60,
        drain: 30,
        before: [],
        beforeTimeout: 300,
        smoke: {},
        monitor: {
          window: 300,
          requests: 20,
          inconclusive: "keep",
          thresholds: { errors: 1, payments: 95, connections: 80 },
        },
        retain: { releases: 3, running: 1 },
      },
      paths: {},
      ledger: { service: "service", lease: 30, patience: 3, logs: true },
      notifications: { wait: 4 },
      database: {
        url: "DATABASE_URL",
        secrets: [],
        env: {},
        x: {},
        alembic: "alembic.ini",
        image: "postgres:15",
        protect: [
          "*payment*",
          "*order*",
          "*refund*",
          "*invoice*",
          "*receipt*",
          "*ledger*",
          "*transaction*",
          "*subscription*",
          "*charge*",
          "*payout*",
        ],
        invariants: {},
        unchanged: {},
        contract: [],
        lint: { bigTable: 100_000, accept: [], ci: true },
        rehearse: true,
        lockWait: 120,
        lease: 30,
        lockTimeout: 3,
        statementTimeout: 900,
        attempts: 5,
        longTransaction: 60,
        serverWait: 120,
        backup: {
          to: "directory:backups",
          encryptTo: [],
          test: true,
          keep: 14,
          days: 30,
          s3: { region: "us-east-1", accessKeyId: "BACKUP_ACCESS_KEY_ID", secretAccessKey: "BACKUP_SECRET_ACCESS_KEY" },
        },
      },
    })
  })

  it.each([
    ["90s", 90],
    ["10m", 600],
    ["1h30m", 5400],
    ["1h1m1s", 3661],
    ["24h", 86400],
  ])("measure a time-out of %s as %i seconds", (written, seconds) => {
    expect(parseSettings(inQa(`timeout: ${written}`)).qa.suites["e2e"]?.timeout).toBe(seconds)
  })

  it("keep numbers and truth values of an environment as they are spelled", () => {
    const settings = parseSettings(inQa("env: { VERSION: 1.10, PHONE: 0123456, DEBUG: True, PORT: 8000, EMPTY: '' }"))
    expect(settings.qa.env).toEqual({ VERSION: "1.10", PHONE: "0123456", DEBUG: "True", PORT: "8000", EMPTY: "" })
  })

  it("give each suite the common environment, under its own", () => {
    const settings = parseSettings(`${inSuite("env: { MODE: suite }")}  env: { MODE: common, LEVEL: 1 }\n`)
    expect(settings.qa.suites["e2e"]?.env).toEqual({ MODE: "suite", LEVEL: "1" })
  })

  it("name each file in one way, however it was written", () => {
    const settings = parseSettings(
      smallest.replace("tests/test_e2e.py", "./tests//test_e2e.py").concat("app: { path: ./api/ }\n"),
    )
    expect(settings.qa.suites["e2e"]?.files).toEqual(["tests/test_e2e.py"])
    expect(settings.app.path).toBe("api")
  })

  it("can do without a service", () => {
    const { services } = parseSettings(inQa("services: { redis: false }")).qa
    expect(services.redis).toBe(false)
    expect(services.postgres).toMatchObject({ image: "postgres:15" })
  })

  it("can list one file in two suites", () => {
    expect(Object.keys(parseSettings(`${smallest}    again: { files: [tests/test_e2e.py] }\n`).qa.suites)).toEqual([
      "e2e",
      "again",
    ])
  })

  it("can repeat themselves with anchors and merge keys", () => {
    const settings = parseSettings(smallest.replace("e2e:", "e2e: &common") + "    web: { <<: *common, timeout: 5m }\n")
    expect(settings.qa.suites["web"]).toMatchObject({ files: ["tests/test_e2e.py"], timeout: 300 })
  })

  it("may come from an editor that writes CRLF and a byte order mark", () => {
    expect(parseSettings(`\uFEFF${smallest.replaceAll("\n", "\r\n")}`)).toEqual(parseSettings(smallest))
  })
})

describe("an error about the settings", () => {
  it("lists every problem at once, in the order of the file, and says how many", () => {
    const error = refusal("qa:\n  timeout: 10\n  suites:\n    E2E:\n      file: [a.py]\nap: {}\n", "api/tollgate.yaml")
    expect(error).toBeInstanceOf(TollgateError)
    expect(error.code).toBe("settings")
    expect(error.message).toBe(`api/tollgate.yaml has 4 problems:
api/tollgate.yaml:2:12  qa.timeout  expected a duration such as 90s or 10m, got 10
    add a unit: 10s or 10m
api/tollgate.yaml:4:5  qa.suites.E2E  is not a name for a suite: expected lower-case letters, digits and -, beginning with a letter
    write e2e
api/tollgate.yaml:5:7  qa.suites.E2E.file  is not a known key
    did you mean \`files\`?
api/tollgate.yaml:6:1  ap  is not a known key
    did you mean \`app\`?

Nothing was run. docs/tollgate.example.yaml of Tollgate explains every key.`)
  })

  it("never repeats a value under a name that sounds secret", () => {
    const error = refusal(`qa:
  runner: tests/qa.py
  env: { ECPAY_HASH_KEY: [hunter2] }
  secrets: ["ECPAY_HASH_KEY=hunter2", [hunter2]]
  services: { postgres: { password: "hunter2 hunter2", image: postgres:15 } }
  suites: { e2e: { files: [a.py], token: hunter2 }, web: hunter2 }
`)
    expect(error.problems.map(({ path }) => path)).toEqual([
      "qa.env.ECPAY_HASH_KEY",
      "qa.secrets[0]",
      "qa.secrets[1]",
      "qa.services.postgres.password",
      "qa.suites.e2e.token",
      "qa.suites.web",
    ])
    expect(
      error.problems
        .slice(0, 5)
        .map(({ message, suggestion }) => `${message} ${suggestion}`)
        .join(),
    ).not.toContain("hunter2")
  })

  it("never repeats a line that is not YAML", () => {
    expect(refusal('qa:\n  PASSWORD: "hunter2\\q"\n  TOKEN: "hunter2" hunter2\n').message).not.toContain("hunter2")
  })

  it("shows control characters as such, and cuts what is long", () => {
    const [problem] = refusal(smallest.replace("tests/qa.py", `"\\e[2J\\u202e../${"x".repeat(200)}"`)).problems
    expect(problem?.message).toMatch(/got "\\u001b\[2J\\u202e\.\.\/x{40,}…"$/)
  })
})

describe("a file that holds no settings", () => {
  it.each([
    ["empty", "", "is empty: expected settings"],
    ["only blanks", "\n  \n", "is empty: expected settings"],
    ["only comments", "# qa:\n#   runner: x\n", "is empty: expected settings"],
    ["nothing between its markers", "---\n...\n", "is empty: expected settings"],
    ["a list", "- qa\n", "expected a mapping of settings, got a list"],
    ["a text", "hello\n", "expected a mapping of settings, got a text"],
  ])("is refused when it is %s", (_, text, message) => {
    const [problem, ...others] = refusal(text).problems
    expect(problem).toMatchObject({ path: "", line: 1, column: 1, message })
    expect(problem?.suggestion).toContain("the smallest file")
    expect(others).toEqual([])
  })

  it("is shown the smallest file, which works", () => {
    const suggestion = refusal("").problems[0]?.suggestion ?? ""
    expect(() => parseSettings(suggestion.replace(/^the smallest file: +/, ""))).not.toThrow()
  })

  it("is refused when it holds two documents", () => {
    expect(problems(`${smallest}---\nqa: {}\n`)).toEqual([
      "6:1  begins a second document: expected one → remove the line `---`; one file holds all settings",
    ])
  })
})

describe("text that is not YAML", () => {
  it("is told in each place where it goes wrong", () => {
    expect(problems('qa:\n  runner: "a\\q"\n  interpreter: @python\n  before:\n\t- x\n')).toEqual([
      "2:13  has a backslash that means nothing in double quotes → use single quotes, or write \\\\",
      "3:16  begins with a character that YAML reserves → put the value in quotes",
      "5:1  is indented with a tab: YAML allows only spaces → replace the tab by two spaces",
    ])
  })

  it.each([
    ["an open quote", "qa:\n  runner: 'a\n", "ends inside a quoted text"],
    ["an open bracket", "qa:\n  before: [a\n", "should have been closed"],
    ["a second colon", "qa:\n  runner: a: b\n", "has a second `: ` on one line"],
    ["a tag nobody knows", "qa:\n  runner: !x a\n", "has an unknown tag"],
    ["a list as a key", "qa:\n  ? [a]\n  : b\n", "only texts can be keys"],
    ["an alias without an anchor", "qa:\n  runner: *qa\n", "refers with * to an anchor that is not there"],
  ])("is told in words: %s", (_, text, message) => {
    expect(refusal(text).problems).toHaveLength(1)
    expect(refusal(text).message).toContain(message)
  })

  it("cannot make Tollgate busy with aliases of aliases", () => {
    const bomb = [
      "a: &a [x]",
      ..."bcdefghij".split("").map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(9)}]`),
    ]
    expect(problems(bomb.join("\n"))).toEqual([
      "1:1  has aliases that grow without end → write the values out instead of referring to them",
    ])
  })

  it("cannot hold itself", () => {
    expect(problems(smallest.replace("e2e:", "e2e: &e2e").replace("[tests/test_e2e.py]", "[*e2e]"))[0]).toContain(
      "got a mapping",
    )
  })
})

describe("a key", () => {
  it("given twice is refused with both places, beside the other problems", () => {
    expect(problems(inQa("runner: other.py\ntimeout: 5"))).toEqual([
      "6:3 qa.runner is given twice: first on line 2 → keep one of them",
      "7:12 qa.timeout expected a duration such as 90s or 10m, got 5 → add a unit: 5s or 5m",
    ])
  })

  it.each([
    ["runer", "did you mean `runner`?"],
    ["rnuner", "did you mean `runner`?"],
    ["suite_flag", "did you mean `suiteFlag`?"],
    ["Time-Out", "did you mean `timeout`?"],
    ["threshold", "`threshold` belongs under qa.coverage or qa.coverage.patch"],
    ["packages", "`packages` belongs under app or image"],
    ["files", "`files` belongs under app.dependencies or qa.suites.<name> or image.dependencies"],
    ["qa", "`qa` belongs under the top of the file"],
  ])("that nobody knows, `%s` under qa, leads to: %s", (key, suggestion) => {
    expect(problems(inQa(`${key}: 1`))).toEqual([`6:3 qa.${key} is not a known key → ${suggestion}`])
  })

  it("that is like no other gets the list of those that are known", () => {
    expect(problems(`${smallest}  coverage: { source: [a], threshold: 1.5, zzzzzz: 1 }\n`)).toEqual([
      "6:44 qa.coverage.zzzzzz is not a known key → known here: source, threshold, branch, omit, exclude, concurrency, patch",
    ])
  })

  it("that is misspelled is one mistake, not two", () => {
    expect(problems(smallest.replace("runner", "runer"))).toEqual([
      "2:3 qa.runer is not a known key → did you mean `runner`?",
    ])
  })

  it("that is missing is shown at the key it belongs under", () => {
    expect(problems("version: 1\nqa:\n  suites:\n    e2e:\n      timeout: 1m\n")).toEqual([
      "4:5 qa.suites.e2e.files is required: expected a list of test files",
    ])
    expect(problems("version: 1\n")).toEqual(["1:1 qa is required: expected a mapping with runner and suites"])
  })

  it("with nothing after it is not silently a default, nor a gate left out", () => {
    expect(problems(inQa("coverage:\nenv:\nsecrets:"))).toEqual([
      "6:12 qa.coverage expected a mapping with source and threshold, got nothing → fill it in, or remove the key",
      "7:7 qa.env expected a mapping of environment variables, got nothing → fill it in, or remove the key",
      "8:11 qa.secrets expected a list of names of environment variables, got nothing → fill it in, write [] for none, or remove the key",
    ])
  })

  it("__proto__ is refused rather than lost", () => {
    expect(problems(`${smallest}    __proto__: { files: [a.py] }\n`)).toEqual([
      "6:5 qa.suites.__proto__ is not a name that can be used",
    ])
  })
})
