import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"

/** The problems of a file whose `qa`, `app` and suite have these keys besides the necessary ones. */
function problems(more: { app?: string; qa?: string; suite?: string; files?: string }): string[] {
  try {
    parseSettings(`app: { ${more.app ?? ""} }
qa:
  runner: tests/qa.py
  ${more.qa ?? ""}
  suites: { e2e: { files: [${more.files ?? "tests/test_e2e.py"}], ${more.suite ?? ""} } }
`)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("a duration", () => {
  const expected = "qa.timeout expected a duration such as 90s or 10m, got"
  it.each([
    ["10", `${expected} 10 → add a unit: 10s or 10m`],
    ['"10"', `${expected} "10" → add a unit: 10s or 10m`],
    ["10 m", `${expected} "10 m" → write 10m`],
    ["10min", `${expected} "10min" → write 10m`],
    ["2 hours", `${expected} "2 hours" → write 2h`],
    ["500ms", `${expected} "500ms" → whole seconds are the smallest step`],
    ["1.5h", `${expected} "1.5h" → use whole numbers: 1h30m, not 1.5h`],
    ["0s", `${expected} "0s" → the least is 1s`],
    ["30m1h", `${expected} "30m1h"`],
    ["-5m", `${expected} "-5m"`],
    ["1d", `${expected} "1d"`],
    ["25h", 'qa.timeout expected a duration of at most 24h, got "25h"'],
  ])("is refused as %s", (written, problem) => {
    expect(problems({ qa: `timeout: ${written}` })).toEqual([problem])
  })
})

describe("a path", () => {
  it.each([
    ["/srv/app", "give it relative to the source: an absolute path is not there in the container"],
    ["~/app", "give it relative to the source: an absolute path is not there in the container"],
    ["C:/app", "give it relative to the source: an absolute path is not there in the container"],
    ["..", "only what is inside the source can be reached"],
    ["api/../../other", "only what is inside the source can be reached"],
    ["api\\v2", "separate folders by /"],
  ])("of the app is refused as %s", (path, suggestion) => {
    expect(problems({ app: `path: '${path}'` })).toEqual([
      `app.path expected a path of a folder inside the source, got ${JSON.stringify(path)} → ${suggestion}`,
    ])
  })

  it("may have dots in its names", () => {
    expect(problems({ app: "path: services/..payments/v1.2" })).toEqual([])
  })

  it.each(["tests", "tests/", "tests.d/api", ".", "tests/test_*.py", "tests/**/test_[a-m]*.py"])(
    "of test files may be a folder or a pattern: %s",
    (path) => {
      expect(problems({ files: `"${path}"` })).toEqual([])
    },
  )

  it.each([
    ["tests/.py", ""],
    ["tests/test_a.txt", ""],
    ["tests/*", " → end the pattern with .py"],
    ["tests/test_a.py::test_one", " → list the file; single tests cannot be listed"],
    ["../tests/test_a.py", " → only what is inside the source can be reached"],
  ])("of a test file is refused as %s", (path, suggestion) => {
    const [problem] = problems({ files: `"${path}"` })
    expect(problem).toBe(
      `qa.suites.e2e.files[0] expected a test file, a folder or a pattern such as tests/api/test_*.py, relative to app.path, got "${path}"${suggestion}`,
    )
  })

  it("listed twice is found in any spelling", () => {
    expect(problems({ files: "tests/a.py, ./tests//a.py" })).toEqual([
      "qa.suites.e2e.files[1] is listed twice: it is the same as [0]",
    ])
  })
})

describe("suites", () => {
  it.each(["{}", "{ }"])("that are none prove nothing: %s", (none) => {
    expect(() => parseSettings(`qa: { runner: a.py, suites: ${none} }`)).toThrow(
      "qa.suites  lists no suite: nothing would be proven",
    )
  })

  it("without a file prove nothing", () => {
    expect(problems({ files: "" })).toEqual(["qa.suites.e2e.files lists no file: nothing would be proven"])
  })

  it.each([
    ["E2E", " → write e2e"],
    ["web hook", " → write web-hook"],
    ["2nd", " → write nd"],
    ["...", ""],
  ])("are not named %s", (name, suggestion) => {
    expect(() => parseSettings(`qa: { runner: a.py, suites: { "${name}": { files: [a.py] } } }`)).toThrow(
      `is not a name for a suite: expected lower-case letters, digits and -, beginning with a letter${suggestion.replace(" → ", "\n    ")}`,
    )
  })

  it("cannot be chosen by an argument: Tollgate runs each by itself", () => {
    expect(problems({ qa: "arguments: [--verbose, --suite, all]" })).toEqual([
      "qa.arguments[1] --suite is added by Tollgate, once for each suite",
    ])
    expect(problems({ qa: "arguments: [--suite=all]" })).toEqual([
      "qa.arguments[0] --suite is added by Tollgate, once for each suite",
    ])
    expect(problems({ qa: "arguments: [--only=x]\n  suiteFlag: --only" })).toEqual([
      "qa.arguments[0] --only is added by Tollgate, once for each suite",
    ])
  })
})

describe("an environment", () => {
  it.each([
    [
      "PYTEST_ADDOPTS",
      "is set by Tollgate: it loads the plugin that gathers the evidence → put options for pytest into the app's own pytest.ini or pyproject.toml",
    ],
    [
      "COVERAGE_PROCESS_START",
      "is set by Tollgate, which measures coverage itself → say what to measure under qa.coverage",
    ],
    ["COVERAGE_FILE", "is set by Tollgate, which measures coverage itself → say what to measure under qa.coverage"],
    ["TOLLGATE_EVIDENCE", "is reserved: names that begin with TOLLGATE_ are Tollgate's own → choose another name"],
  ])("leaves %s to Tollgate, wherever it could be set", (name, message) => {
    expect(problems({ qa: `env: { ${name}: x }` })).toEqual([`qa.env.${name} ${message}`])
    expect(problems({ suite: `env: { ${name}: x }` })).toEqual([`qa.suites.e2e.env.${name} ${message}`])
    expect(problems({ qa: `secrets: [${name}]` })).toEqual([`qa.secrets[0] ${message}`])
    expect(problems({ qa: `services: { redis: { env: ${name} } }` })).toEqual([`qa.services.redis.env ${message}`])
  })

  it("has names that a shell knows", () => {
    const message =
      "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit"
    expect(problems({ qa: 'env: { A-B: 1, "2A": 1, "": 1, é: 1 }' })).toEqual(
      ["qa.env.A-B", 'qa.env["2A"]', 'qa.env[""]', 'qa.env["é"]'].map((path) => `${path} ${message}`),
    )
  })

  it("has single values", () => {
    expect(problems({ qa: "env: { A: , B: [x], C: { d: e } }" })).toEqual([
      'qa.env.A expected a text, a number or true/false, got nothing → write "" for an empty one',
      "qa.env.B expected a text, a number or true/false, got a list",
      "qa.env.C expected a text, a number or true/false, got a mapping",
    ])
  })

  it("does not hold the value of a secret", () => {
    expect(problems({ qa: "secrets: [KEY_A, KEY_B]\n  env: { KEY_A: x }", suite: "env: { KEY_B: y }" })).toEqual([
      "qa.secrets[0] is in qa.env as well: a secret's value must not be in a file → remove it from qa.env",
      "qa.secrets[1] is in qa.suites.e2e.env as well: a secret's value must not be in a file → remove it from qa.suites.e2e.env",
    ])
  })

  it("does not set what a service sets", () => {
    const hint = "leave it out, write `postgres: false`, or give qa.services.postgres.env another name"
    expect(problems({ qa: "env: { DATABASE_URL: x }\n  secrets: [REDIS_URL]" })).toEqual([
      `qa.env.DATABASE_URL is set by qa.services.postgres → ${hint}`,
      "qa.secrets[0] is set by qa.services.redis → leave it out here",
    ])
    expect(problems({ qa: "env: { DATABASE_URL: x }\n  services: { postgres: false }" })).toEqual([])
  })
})

describe("services", () => {
  it("do not share a variable", () => {
    expect(problems({ qa: "services: { redis: { env: DATABASE_URL } }" })).toEqual([
      "qa.services.redis.env is the variable of qa.services.postgres as well",
    ])
  })

  it("are false or a mapping", () => {
    expect(problems({ qa: "services: { postgres: true, redis: redis:8 }" })).toEqual([
      "qa.services.postgres expected false or a mapping, got true → leave the key out: the service is there by default",
      'qa.services.redis expected false or a mapping, got "redis:8"',
    ])
  })

  it("have URLs that lead to the suite's own host", () => {
    expect(problems({ qa: "services: { redis: { url: 'redis://localhost:{prot}' } }" })).toEqual([
      "qa.services.redis.url has the unknown placeholder {prot} → known here: {host} {port}",
      "qa.services.redis.url has no {host}: each suite has a service of its own, at a host of its own → known here: {host} {port}",
    ])
  })

  it("have names and passwords that stand in a URL as they are", () => {
    expect(problems({ qa: "services: { postgres: { user: Admin, password: 'p@ss', database: 5 } }" })).toEqual([
      'qa.services.postgres.user expected a role\'s name: lower-case letters, digits and _, got "Admin"',
      "qa.services.postgres.password expected a password of letters, digits and . _ ~ -, got a value that is not shown here",
      "qa.services.postgres.database expected a database's name: lower-case letters, digits and _, got 5 → put it in quotes to make it a text",
    ])
  })
})

describe("dependencies", () => {
  it("are installed from listed files alone", () => {
    expect(
      problems({
        app: 'dependencies: { files: [requirements.txt], install: ["pip install -r requirements.txt -c constraints.txt", "pip install --requirement=dev.txt"] }',
      }),
    ).toEqual([
      'app.dependencies.install[0] reads "constraints.txt", which is not there when dependencies are installed → add "constraints.txt" to app.dependencies.files',
      'app.dependencies.install[1] reads "dev.txt", which is not there when dependencies are installed → add "dev.txt" to app.dependencies.files',
    ])
    expect(
      problems({
        app: 'dependencies: { install: ["pip install -r ./requirements.txt -r https://example.com/more.txt"] }',
      }),
    ).toEqual([])
  })

  it("that are not requirements files need commands", () => {
    expect(problems({ app: "dependencies: { files: [pyproject.toml] }" })).toEqual([
      'app.dependencies.files[0] is not a requirements file, and app.dependencies.install does not say how to install it → for example  install: ["pip install ."]',
    ])
    expect(problems({ app: 'dependencies: { files: [pyproject.toml], install: ["pip install ."] }' })).toEqual([])
  })

  it("are lists, even of one", () => {
    expect(problems({ app: "packages: chromium, setup: echo" })).toEqual([
      'app.packages expected a list of Debian packages, got "chromium" → write a list: one line that begins with `- ` for each entry',
      'app.setup expected a list of shell commands, got "echo" → write a list: one line that begins with `- ` for each entry',
    ])
  })

  it("have names that Debian knows", () => {
    expect(
      problems({ app: 'packages: [libpq5, g++, tzdata=2024a-0+deb12u1, "curl; rm -rf /", -y, Chromium]' }),
    ).toEqual(
      ['app.packages[3]|"curl; rm -rf /"', 'app.packages[4]|"-y"', 'app.packages[5]|"Chromium"'].map((one) =>
        one.replace("|", " expected a name of a Debian package such as chromium or libpq5, got "),
      ),
    )
  })
})

describe("coverage", () => {
  const threshold = (written: string): string[] =>
    problems({ qa: `coverage: { source: [app], threshold: ${written} }` })
  const expected = "qa.coverage.threshold expected a percent from 0 to 100, got"

  it.each([
    ["0.9", `${expected} 0.9 → percent: did you mean 90?`],
    ["1", `${expected} 1 → percent: did you mean 100?`],
    ["90%", `${expected} "90%" → write 90`],
    ['"90"', `${expected} "90" → write 90`],
    ["-1", `${expected} -1`],
    ["101", `${expected} 101`],
    [".nan", `${expected} NaN`],
    ["high", `${expected} "high"`],
  ])("has no threshold of %s", (written, problem) => {
    expect(threshold(written)).toEqual([problem])
  })

  it.each(["0", "1.5", "87.5", "100"])("can have a threshold of %s", (written) => {
    expect(threshold(written)).toEqual([])
  })

  it("needs to know what to measure", () => {
    expect(problems({ qa: "coverage: { source: [], threshold: 90 }" })).toEqual([
      "qa.coverage.source lists nothing: coverage of what?",
    ])
  })

  it("measures one library of green threads at most", () => {
    expect(
      problems({ qa: "coverage: { source: [app], threshold: 90, concurrency: [thread, gevent, eventlet] }" }),
    ).toEqual(["qa.coverage.concurrency[2] eventlet cannot be measured together with gevent"])
  })
})
