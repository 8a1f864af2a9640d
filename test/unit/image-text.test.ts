import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { stampFor, webUrl } from "../../cli/image/stamp.js"
import { instructions, plainArguments, withFreshArgument } from "../../core/image/dockerfile-text.js"
import { samePlatform } from "../../core/image/platform.js"
import { registryOf } from "../../core/image/publish.js"
import { publishFailure } from "../../core/image/publish-failure.js"
import { createdOf, epochOf, stampLabels, stampOf } from "../../core/image/stamp.js"
import { bytes } from "../../core/shared/figures.js"

describe("a Dockerfile is read as BuildKit reads it", () => {
  // each verified with BuildKit 0.26.2's own parser
  it.each([
    ["a shift in arithmetic", "RUN echo $((1<<bits))\nUSER 1", ["RUN", "USER"], []],
    ["a shift in quotes", "RUN python -c 'print(1 << port)'\nUSER 1", ["RUN", "USER"], []],
    ["a here-string", `RUN bash -c 'read x <<< "hello"'\nUSER 1`, ["RUN", "USER"], []],
    ["a heredoc's beginning in quotes", 'RUN echo "<<EOF"\nUSER 1', ["RUN", "USER"], []],
    ["a heredoc's beginning within a word", "RUN cat a<<EOF\nUSER 1", ["RUN", "USER"], []],
    ["a heredoc's beginning in JSON", 'RUN ["cat", "<<EOF"]\nUSER 1', ["RUN", "USER"], []],
    ["a heredoc's beginning elsewhere", "ENV X=<<EOF\nUSER 1", ["ENV", "USER"], []],
    ["a quote that is not closed", "RUN it's <<EOF\nUSER 1", ["RUN", "USER"], []],
    ["a heredoc with a number", "RUN cat 3<<EOF\nUSER 2\nEOF\nUSER 1", ["RUN", "USER"], ["USER 2"]],
    ["a heredoc of ONBUILD", "ONBUILD RUN <<EOF\nUSER 2\nEOF\nUSER 1", ["ONBUILD", "USER"], ["USER 2"]],
    ["a heredoc with a quoted name", "RUN <<'E F'\nUSER 2\nE F\nUSER 1", ["RUN", "USER"], ["USER 2"]],
    ["a heredoc in a heredoc", "RUN <<A\ncat <<B\nUSER 2\nB\nA\nUSER 1", ["RUN", "USER"], ["cat <<B", "USER 2", "B"]],
    ["an escaped backslash at the end", "RUN a \\\\\nUSER 1", ["RUN", "USER"], []],
    ["a backslash by itself", "RUN \\\n\\\n  a\nUSER 1", ["RUN", "USER"], []],
    ["blanks after the backslash", "RUN a \\  \n  b\nUSER 1", ["RUN", "USER"], []],
    ["line ends of Windows", "RUN a \\\r\n b\r\nRUN <<EOF\r\nx\r\nEOF\r\nUSER 1\r\n", ["RUN", "RUN", "USER"], ["x"]],
  ])("with %s", (_, lines, keywords, documents) => {
    const [, ...read] = instructions(`FROM a\n${lines}`)
    expect(read.map(({ keyword }) => keyword)).toEqual(keywords)
    expect(read.flatMap((one) => one.documents)).toEqual(documents)
  })

  it("with directives only at the very top", () => {
    const keywords = (text: string) => instructions(text).map(({ keyword }) => keyword)
    expect(keywords("# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN a `\n USER 1")).toEqual(["FROM", "RUN"])
    expect(keywords("# our image\n# escape=`\nFROM a\nRUN a `\n USER 1")).toEqual(["FROM", "RUN", "USER"])
  })

  it("with a word that goes on in the next line", () => {
    expect(instructions("FROM deb\\\nian\nRUN TOK\\\n# why\nEN=x make").map(({ rest }) => rest)).toEqual([
      "debian",
      "TOKEN=x make",
    ])
  })
})

describe("a Dockerfile that is built without cache", () => {
  it("declares the argument in each stage, and is otherwise unchanged", () => {
    expect(
      withFreshArgument(
        "# syntax=docker/dockerfile:1\nARG BASE=x\nFROM $BASE AS build\nRUN make\n\nfrom scratch\nCOPY --from=build /a /a\n",
      ),
    ).toBe(
      "# syntax=docker/dockerfile:1\nARG BASE=x\nFROM $BASE AS build\nARG TOLLGATE_FRESH\nRUN make\n\nfrom scratch\nARG TOLLGATE_FRESH\nCOPY --from=build /a /a\n",
    )
  })

  it("may have instructions over several lines, with comments between", () => {
    expect(withFreshArgument("FROM debian \\\n# why\n  AS build\nRUN make")).toBe(
      "FROM debian \\\n# why\n  AS build\nARG TOLLGATE_FRESH\nRUN make",
    )
    expect(withFreshArgument("# escape=`\nFROM debian `\n  AS build\nRUN make")).toBe(
      "# escape=`\nFROM debian `\n  AS build\nARG TOLLGATE_FRESH\nRUN make",
    )
  })

  it("may have heredocs with lines that look like instructions", () => {
    const dockerfile =
      "FROM debian\nRUN <<EOF cat <<-'TEXT'\nFROM nowhere\nEOF\n\tFROM here\n\tTEXT\nCOPY <<FILE /x\nFROM there\nFILE\nRUN echo 1\n"
    expect(withFreshArgument(dockerfile)).toBe(dockerfile.replace("FROM debian\n", "FROM debian\nARG TOLLGATE_FRESH\n"))
  })
})

describe("build arguments that must not remain in the image", () => {
  const plain = (dockerfile: string, given = {}) => Object.fromEntries(plainArguments(dockerfile, given))

  it("are those that a stage declares and no ENV sets, with their values", () => {
    const dockerfile =
      'ARG PYTHON=3.11\nFROM python:$PYTHON\nARG GIT_SHA=unknown VERSION="1 2"\nARG PYTHON\nARG TOKEN\nENV GIT_SHA=$GIT_SHA \\\n    PORT=8000\nRUN make\n'
    expect(plain(dockerfile)).toEqual({ VERSION: "1 2", PYTHON: "3.11", TOKEN: null })
    expect(plain(dockerfile, { TOKEN: "abc", VERSION: "3" })).toEqual({ VERSION: "3", PYTHON: "3.11", TOKEN: "abc" })
  })

  it.each([
    ["ENV A=1 B=$B", ["C"]],
    ["ENV A some text with B=1 in it", ["B", "C"]],
    ['ENV A="x B=1" C=2', ["B"]],
    ["env C=1", ["A", "B"]],
    ["ENV A=x\\ B=1", ["B", "C"]],
  ])("and %s keeps what it sets", (line, left) => {
    expect(Object.keys(plain(`FROM scratch\nARG A\nARG B\nARG C\n${line}\n`))).toEqual(left)
  })

  it("have no known value if it depends on another argument", () => {
    expect(plain("FROM scratch\nARG A=1\nARG B=v$A\n")).toEqual({ A: "1", B: null })
  })
})

describe("a stamp", () => {
  it("becomes the labels of the OCI image specification, without those that are unknown", () => {
    expect(stampLabels(stampOf("8d3c1f0", "2026-11-21T17:45:00+08:00", ""))).toEqual([
      ["org.opencontainers.image.revision", "8d3c1f0"],
      ["org.opencontainers.image.created", "2026-11-21T09:45:00Z"],
    ])
    expect(stampLabels(stampOf("", "", ""))).toEqual([])
  })

  it("gives files the commit's time, or a fixed time without a commit", () => {
    expect(epochOf(stampOf("", "2026-11-21T17:45:00Z", ""))).toBe(Date.parse("2026-11-21T17:45:00Z") / 1000)
    expect(createdOf(stampOf("", "", ""))).toBe("1980-01-01T00:00:00Z")
  })

  it("is rejected with all problems, without repeating a URL that may hold a password", () => {
    expect(() => stampOf("a b", "yesterday", "https://bot:hunter22@git.example.com/x")).toThrow(
      /--revision="a b" is not a commit id[^]*--created="yesterday" is not a time[^]*contains a login/,
    )
    expect(() => stampOf("", "2026-11-21T17:45:00", "")).toThrow("not a time with a time zone")
    expect(() => stampOf("", "", "https://bot:hunter22@git.example.com/x")).not.toThrow(/hunter22/)
  })
})

describe("the stamp from Git", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-stamp-"))
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      encoding: "utf8",
    }).trim()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("is empty outside a repository", () => {
    expect(stampFor(folder, {})).toEqual({ revision: "", created: "", source: "" })
  })

  it("is commit, time and origin, with -dirty for uncommitted changes", () => {
    git("init", "-q")
    writeFileSync(join(folder, "a"), "1")
    git("add", "-A")
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"], {
      env: { ...process.env, GIT_COMMITTER_DATE: "2026-11-21T17:45:00Z" },
    })
    git("remote", "add", "origin", "https://bot:hunter22@github.com/acme/shop.git")
    const revision = git("rev-parse", "HEAD")
    expect(stampFor(folder, {})).toEqual({
      revision,
      created: "2026-11-21T17:45:00Z",
      source: "https://github.com/acme/shop",
    })
    writeFileSync(join(folder, "a"), "2")
    expect(stampFor(folder, {}).revision).toBe(`${revision}-dirty`)
    expect(
      stampFor(folder, { revision: "v1", created: "2026-01-01T00:00:00Z", sourceUrl: "https://x.example.com/y" }),
    ).toEqual({
      revision: "v1",
      created: "2026-01-01T00:00:00Z",
      source: "https://x.example.com/y",
    })
  })

  it.each([
    ["git@github.com:acme/shop.git", "https://github.com/acme/shop"],
    ["ssh://git@git.example.com:2222/acme/shop.git", "https://git.example.com/acme/shop"],
    ["https://x-access-token:ghs_1@github.com/acme/shop", "https://github.com/acme/shop"],
    ["https://git.example.com:8443/acme/shop/", "https://git.example.com:8443/acme/shop"],
    ["/srv/git/shop.git", ""],
    ["../shop", ""],
    ["", ""],
  ])("of the origin %j is the page %j", (remote, page) => {
    expect(webUrl(remote)).toBe(page)
  })
})

describe("a failed push", () => {
  const target = { name: "registry.example.com/acme/shop", tag: "v1", registry: "registry.example.com", user: "bot" }
  const fatal = (message: string) => `time="x" level=info msg="copying"\ntime="x" level=fatal msg="${message}"\n`

  it.each([
    [11, 'logging into \\"registry.example.com\\": invalid username/password', "registry-login-refused"],
    [12, "checking status: unauthorized: authentication required", "registry-login-needed"],
    [12, "writing blob: denied: permission_denied: write_package", "registry-denied"],
    [12, "requested access to the resource is denied", "registry-denied"],
    [11, "pinging container registry x: Get: dial tcp: lookup x on 10.0.0.1:53: no such host", "registry-unreachable"],
    [11, "dial tcp 10.0.0.1:443: connect: connection refused", "registry-unreachable"],
    [11, "dial tcp 10.0.0.1:443: i/o timeout", "registry-unreachable"],
    [11, "x509: certificate signed by unknown authority", "registry-certificate"],
    [11, "http: server gave HTTP response to HTTPS client", "registry-plain"],
    [12, "received unexpected HTTP status: 503 Service Unavailable", "publish-failed"],
  ])("with exit code %i and %j has the code %s", (code, message, expected) => {
    const failure = publishFailure(code, fatal(message), target)
    expect(failure.code).toBe(expected)
    expect(failure.message).toContain("Nothing was published")
  })

  it("says what the registry has when only the tag failed, and when there was no response", () => {
    expect(publishFailure(13, fatal("500"), target).message).toContain("in the registry under its digest")
    expect(publishFailure(12, "", target).message).toContain("no response within 15 minutes")
  })

  it.each([
    ["ghcr.io/acme/shop", "ghcr.io"],
    ["registry:5000/shop", "registry:5000"],
    ["localhost/shop", "localhost"],
    ["acme/shop", "docker.io"],
    ["shop", "docker.io"],
  ])("for %s names the registry %s", (name, registry) => {
    expect(registryOf(name)).toBe(registry)
  })
})

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1001, "1.1 kB"],
  [1e6, "1 MB"],
  [400_000_001, "400.1 MB"],
  [1.15e6, "1.2 MB"],
  [2e9, "2 GB"],
  [3.2e12, "3200 GB"],
])("rounds %i bytes up to %s", (value, written) => {
  expect(bytes(value)).toBe(written)
})

it("linux/arm64 and linux/arm64/v8 are the same platform", () => {
  expect(samePlatform("linux/arm64", "linux/arm64/v8")).toBe(true)
  expect(samePlatform("linux/arm/v7", "linux/arm64")).toBe(false)
})
