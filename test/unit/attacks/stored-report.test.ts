import { randomBytes } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { type ServerType, serve } from "@hono/node-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { filesOfRun } from "../../../cli/ci/report-files.js"
import { questionsTo } from "../../../core/dashboard/reading/questions.js"
import { LedgerReader } from "../../../core/dashboard/reading/reader.js"
import { addressOf } from "../../../core/dashboard/server/address.js"
import { dashboardApp } from "../../../core/dashboard/server/app.js"
import { ApprovalDesk } from "../../../core/dashboard/server/approval-desk.js"
import { AuditDownload } from "../../../core/dashboard/server/audit-download.js"
import { fixedSettings } from "../../../core/dashboard/server/current-settings.js"
import type { Dashboard } from "../../../core/dashboard/server/listen.js"
import { Pages } from "../../../core/dashboard/server/pages.js"
import { typeOf } from "../../../core/dashboard/server/report-file.js"
import { reportRoutes } from "../../../core/dashboard/server/report-routes.js"
import { RequestDesk } from "../../../core/dashboard/server/request-desk.js"
import { SignIn } from "../../../core/dashboard/server/sign-in.js"
import { policyDesk, reviewDesk } from "../../../core/dashboard/server/signed-desk.js"
import type { Session } from "../../../core/database/connect/session.js"
import { ciRanOf } from "../../../core/ledger/ci-ran.js"
import { type FoundFile, listDigest, type PackedFile, packReport, unpackFile } from "../../../core/ledger/report.js"
import { LARGEST_FILE, MOST_BYTES, MOST_FILES } from "../../../core/ledger/report-schema.js"
import { askDashboard } from "../../release/dashboard-client.js"
import { settings } from "../../release/dashboard-samples.js"
import { aStatus } from "../ci-samples.js"
import { event } from "../request-samples.js"

const found = (path: string, content: string | Buffer = path): FoundFile => {
  const file = Buffer.from(content)
  return { path, bytes: file.length, read: () => file }
}

const packedOf = (...given: FoundFile[]) => packReport(given)

describe("the report of a run", () => {
  it("is packed with the whole page and each gate's first, and the pages of coverage last", () => {
    const paths = [
      "test/coverage/a.html",
      "test/suites/e2e/output.log",
      "test/report.html",
      "index.html",
      "scan/z.json",
    ]
    const { files, leftOut } = packedOf(...paths.map((path) => found(path)))
    expect(files.map(({ path }) => path)).toEqual([
      "index.html",
      "scan/z.json",
      "test/report.html",
      "test/suites/e2e/output.log",
      "test/coverage/a.html",
    ])
    expect(leftOut).toEqual([])
  })

  it("of a huge folder keeps what its limits allow, and names the rest", () => {
    const many = packReport(Array.from({ length: 5000 }, (_, index) => found(`test/coverage/${index}.html`)))
    expect(many.files).toHaveLength(MOST_FILES)
    expect(many.leftOut).toHaveLength(5000 - MOST_FILES)
    const noise = [1, 2, 3].map((name) => found(`test/${name}.bin`, randomBytes(2_400_000)))
    const large = packReport([...noise, found("test/a.txt")])
    expect(large.files.map(({ path }) => path)).toEqual(["test/1.bin", "test/2.bin", "test/a.txt"])
    expect(large.leftOut).toEqual(["test/3.bin"])
    expect(large.bytes).toBeLessThanOrEqual(MOST_BYTES)
    expect(large.bytes).toBe(large.files.reduce((sum, { content }) => sum + content.length, 0))
  })

  it("never reads a file that is too large as it is, however small it would be compressed", () => {
    const bomb: FoundFile = { path: "test/bomb.log", bytes: LARGEST_FILE + 1, read: () => expect.fail("it was read") }
    expect(packReport([bomb]).leftOut).toEqual(["test/bomb.log"])
  })

  it.each(["../../etc/passwd", "/etc/passwd", "a//b", "a/./b", "a/..", "a\\..\\b", "a\u0000.html", "a\nb", "a\ud800b"])(
    "has no file with the path %j",
    (path) => expect(packedOf(found(path)).files).toEqual([]),
  )

  it("is what the run wrote: its own files and the folders that its status names, and nothing behind a link", () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-test-report-"))
    try {
      for (const name of ["test/suites/e2e", "scan", "migrate"]) mkdirSync(join(folder, name), { recursive: true })
      for (const name of ["status.json", "test/report.html", "test/suites/e2e/output.log", "migrate/report.html"])
        writeFileSync(join(folder, name), name)
      symlinkSync("/etc/passwd", join(folder, "passwd"))
      symlinkSync("/etc/passwd", join(folder, "test/passwd.txt"))
      symlinkSync("/etc", join(folder, "test/etc"))
      expect(
        filesOfRun(folder, aStatus())
          .map(({ path }) => path)
          .sort(),
      ).toEqual(["status.json", "test/report.html", "test/suites/e2e/output.log"])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it("has a digest that changes with every file, path and size", () => {
    const { files, sha256 } = packedOf(found("a"), found("b"))
    const [a, b] = files
    if (a === undefined || b === undefined) throw new Error("two files")
    expect(listDigest([b, a])).toBe(sha256)
    for (const other of [[a], [a, b, { ...b, path: "c" }], [a, { ...b, path: "c" }], [a, { ...b, bytes: 2 }]])
      expect(listDigest(other)).not.toBe(sha256)
  })

  it("unpacks no file that is another one, or grows beyond its size", () => {
    const [file] = packedOf(found("a", "hello")).files
    if (file === undefined) throw new Error("one file")
    expect(String(unpackFile(file, file.content))).toBe("hello")
    for (const other of [gzipSync("hallo"), gzipSync(Buffer.alloc(50_000_000)), Buffer.from("no gzip")])
      expect(unpackFile(file, other)).toBeNull()
  })
})

describe("the type of a file", () => {
  it("is decided by its extension, and never one that runs or refers to something", () => {
    expect(typeOf("test/report.html")).toBe("text/html; charset=utf-8")
    expect(typeOf("test/coverage.xml")).toBe("text/plain; charset=utf-8")
    for (const path of ["a.svg", "a.js", "a.htm", "a.xhtml", "a.html.svg", "a.HTML", "html", ".html/x", "a.pdf", "a"])
      expect(typeOf(path), path).toBeNull()
  })
})

const SCRIPT = "<script>fetch('/key')</script>"
const SVG = `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`
const own = packedOf(
  found("index.html", `<h1>run 1</h1>${SCRIPT}`),
  found("test/art/shot one.svg", SVG),
  found("test/100%.txt", "all"),
  found("test/Ärger.txt", "Umlaut"),
)
const others = packedOf(found("index.html", "run 2"), found("secret.txt", "of another run"))

/** What the tables of reports answer, as Postgres would. */
function sessionOf(reports: ReadonlyMap<string, readonly PackedFile[]>): Session {
  const never = () => Promise.reject(new Error("is not asked for"))
  return {
    rows: (schema, sql, values = []) => {
      const [id, second] = values
      const files = reports.get(String(id)) ?? []
      return Promise.resolve(
        z.array(schema).parse(sql.includes("JOIN") ? files : files.filter(({ path }) => path === second)),
      )
    },
    row: never,
    run: never,
    listen: never,
    broken: false,
    close: never,
  }
}

describe("a stored report in the dashboard", () => {
  const idOf = (last: number) => `00000000-0000-4000-8000-00000000000${last}`
  const [ONE, TWO, GONE] = [idOf(1), idOf(2), idOf(3)]
  const stored = new Map<string, readonly PackedFile[]>([
    [ONE, own.files],
    [TWO, others.files],
  ])
  const run = (number: number, id: string | null, sha256 = own.sha256) => {
    const report = id === null ? null : { id, sha256, files: 1, bytes: 1, leftOut: 0 }
    return event(number, ciRanOf(aStatus(), { branch: "main", change: null, base: null }, report))
  }
  const runs = [run(1, ONE), run(2, TWO, others.sha256), run(3, GONE), run(4, null), run(5, TWO)]
  const signIn = new SignIn()
  let server: ServerType
  let of: Dashboard
  let cookie = ""

  beforeAll(async () => {
    const reader = new LedgerReader("postgresql://nobody@127.0.0.1:1/none", "shop", 1)
    const ask = questionsTo(reader)
    const clock = { zone: "UTC" }
    const current = fixedSettings(settings)
    const desk = new RequestDesk({ current, url: "", reader, ask })
    let address = addressOf({ host: "127.0.0.1", url: null }, 0)
    const app = dashboardApp({
      reader,
      reports: reportRoutes(
        { service: "shop", once: (work) => work(sessionOf(stored)) },
        {
          ciRun: (number) =>
            Promise.resolve({
              value: runs.find((one) => one.number === number) ?? null,
              position: { number: 5, at: "", leases: "", samples: "" },
              readAt: 0,
            }),
        },
        signIn,
      ),
      audit: new AuditDownload({
        service: "shop",
        has: () => Promise.resolve(false),
        latest: () => 0,
        ledger: () => desk.ledger(),
      }),
      pages: new Pages(current, ask, clock),
      current,
      signIn,
      desk,
      approvals: new ApprovalDesk({ current, reader, ask, ledger: () => desk.ledger() }),
      reviews: reviewDesk({ current, reader, ask, ledger: () => desk.ledger() }),
      policies: policyDesk({ current, reader, ask, ledger: () => desk.ledger() }),
      clock,
      address: () => address,
      oidc: null,
      links: true,
      closing: new AbortController().signal,
      report: (error) => expect.fail(String(error)),
    })
    const port = await new Promise<number>((done) => {
      server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, (info) => done(info.port))
    })
    address = addressOf({ host: "127.0.0.1", url: null }, port)
    of = { address: address.origin, port, newLink: () => "", close: () => Promise.resolve() }
    cookie = `tollgate-${address.cookies}=${newSession()}`
  })
  afterAll(() => new Promise<void>((done) => void server.close(() => done())))

  function newSession(): string {
    const session = signIn.signIn(signIn.newLink())
    if (session.kind !== "session") throw new Error("a link signs in")
    return session.id
  }

  const link = (path: string, headers: Record<string, string> = { cookie }) => askDashboard(of, path, { headers })
  const keyed = async () => String((await link("/reports/1/index.html")).headers["location"])
  const keyOf = (location: string) => location.split("/")[2] ?? ""
  /** Follows the redirect as a page in a sandbox does: without a cookie. */
  async function open(path: string) {
    const { status, headers } = await link(path)
    return status === 302 ? askDashboard(of, String(headers["location"])) : { status, headers, text: "" }
  }

  it("is shown without scripts, forms, cookies and an origin, and fetches nothing", async () => {
    const { status, headers, text } = await open("/reports/1/index.html")
    expect(status).toBe(200)
    expect(text).toContain("<h1>run 1</h1>")
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    })
    // Chromium refuses a page with both
    expect(headers["cross-origin-opener-policy"]).toBeUndefined()
    expect(headers["set-cookie"]).toBeUndefined()
  })

  it("downloads what is not on the list of types, an SVG too", async () => {
    const { status, headers, text } = await open("/reports/1/test/art/shot%20one.svg")
    expect([status, text]).toEqual([200, SVG])
    expect(headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
    })
  })

  it("is found by the exact path, decoded once", async () => {
    expect((await open("/reports/1/test/100%25.txt")).text).toBe("all")
    expect((await open("/reports/1/test/%C3%84rger.txt")).text).toBe("Umlaut")
    expect((await open("/reports/1/test%2F100%25.txt")).text).toBe("all")
    for (const path of ["test/100%2525.txt", "test/100%.txt", "TEST/100%25.txt", "test//100%25.txt", "", "test/"])
      expect((await open(`/reports/1/${path}`)).status, path).toBe(404)
  })

  it.each([
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f2%2fsecret.txt",
    "..%5c..%5cetc%5cpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "..;/2/secret.txt",
    "../2/secret.txt",
    "%2e%2e/2/secret.txt",
    "/etc/passwd",
    "index.html%00.txt",
    "secret.txt",
  ])("has nothing at %s, of the disk or of another run", async (path) => {
    const key = keyOf(await keyed())
    for (const { status, text } of [
      await open(`/reports/1/${path}`),
      await askDashboard(of, `/stored/${key}/1/${path}`),
    ]) {
      // a browser, and the server, read `..` before anything is looked up: that is the address of the other run itself
      const isOther = path === "../2/secret.txt" || path === "%2e%2e/2/secret.txt"
      if (!isOther || status !== 200) expect([401, 404], text).toContain(status)
      expect(text).not.toMatch(/root:/)
      if (!isOther) expect(text).not.toContain("of another run")
    }
  })

  it("of one run never shows a file of another with the same name", async () => {
    expect((await open("/reports/1/index.html")).text).toContain("run 1")
    expect((await open("/reports/2/index.html")).text).toBe("run 2")
  })

  it("is not shown when its files are not those of the run's event", async () => {
    expect(await open("/reports/5/index.html")).toMatchObject({
      status: 409,
      text: "The files of this report are not those that the run recorded.",
    })
    const [first, ...rest] = own.files
    if (first === undefined) throw new Error("it has files")
    try {
      stored.set(ONE, [{ ...first, content: gzipSync("<h1>another</h1>") }, ...rest])
      expect(await open("/reports/1/index.html")).toMatchObject({ status: 409 })
      stored.set(ONE, [...own.files, ...others.files.filter(({ path }) => path === "secret.txt")])
      expect(await open("/reports/1/secret.txt")).toMatchObject({ status: 409 })
    } finally {
      stored.set(ONE, own.files)
    }
  })

  it("says why there is none: it was not stored, or is no longer kept", async () => {
    expect((await open("/reports/3/index.html")).text).toContain("no longer kept")
    expect((await open("/reports/4/index.html")).text).toContain("not stored")
    for (const number of ["0", "9", "x", "-1", "1e0", "01x", "9".repeat(40)])
      expect((await open(`/reports/${number}/index.html`)).status, number).toBe(404)
  })

  it("needs a session: without one, with another key, and after the sign-out nothing is shown", async () => {
    for (const headers of [{}, { cookie: `${cookie.split("=")[0]}=${"A".repeat(43)}` }])
      expect((await link("/reports/1/index.html", headers)).status).toBe(401)
    for (const key of ["x", "A".repeat(43), cookie.split("=")[1]])
      expect((await askDashboard(of, `/stored/${key}/1/index.html`, { headers: { cookie } })).status, key).toBe(401)
    const session = newSession()
    const other = { cookie: `${cookie.split("=")[0]}=${session}` }
    const address = String((await link("/reports/1/index.html", other)).headers["location"])
    expect(address).not.toBe(await keyed())
    expect((await askDashboard(of, address)).status).toBe(200)
    signIn.signOut(session)
    expect((await askDashboard(of, address)).status).toBe(401)
  })

  it("changes no header of the dashboard's own pages", async () => {
    const { headers } = await askDashboard(of, "/sign-in")
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'")
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin")
  })
})
