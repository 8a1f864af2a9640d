import { expect, test } from "vitest"
import { homeFolder, layout } from "../../dagger/engine/home.js"
import { atLeast, missingTools } from "../../dagger/engine/host-tools.js"
import type { BaseImage } from "../../dagger/engine/images/image.js"
import { missingImages } from "../../dagger/engine/images/published.js"
import { isRoom } from "../../dagger/engine/process.js"

test("the home is TOLLGATE_HOME, else in the user's cache", () => {
  expect(homeFolder({ TOLLGATE_HOME: "/data/tollgate", XDG_CACHE_HOME: "/cache" })).toBe("/data/tollgate")
  expect(homeFolder({ XDG_CACHE_HOME: "/cache" })).toBe("/cache/tollgate")
  expect(homeFolder({})).toMatch(/\/\.cache\/tollgate$/)
})

test("the socket is in the home", () => {
  expect(layout("/data/tollgate").socket).toBe("/data/tollgate/room/run/engine.sock")
})

test("a home too long for a socket's path, or with a space in it, has its socket in /run", () => {
  for (const root of [`/data/${"deep/".repeat(30)}tollgate`, "/data/my state"]) {
    const { socket } = layout(root)
    expect(socket).toMatch(/^\/run\/tollgate-[0-9a-f]{8}\/engine\.sock$/)
    expect(Buffer.byteLength(socket)).toBeLessThan(108)
  }
})

test("two homes have two names", () => {
  expect(layout("/a").id).not.toBe(layout("/b").id)
})

test("a process is the room of one home only", () => {
  const argv = ["unshare", "--mount", "--", "sh", "/data/room/enter.sh", "/data", "/data/room/run"]
  expect(isRoom(argv, "/data")).toBe(true)
  expect(isRoom(argv, "/dat")).toBe(false)
  expect(isRoom(["vim", "/data/room/enter.sh", "/data"], "/data")).toBe(false)
  expect(isRoom([], "/data")).toBe(false)
})

test("versions of Go are compared number by number", () => {
  expect(atLeast("1.26.8", "1.26.1")).toBe(true)
  expect(atLeast("1.26", "1.26.1")).toBe(false)
  expect(atLeast("1.9", "1.26.1")).toBe(false)
  expect(atLeast("2.0", "1.26.1")).toBe(true)
})

test("missing programs are named with the package that has them", () => {
  expect(missingTools((name) => name !== "ip")).toEqual([{ tool: "ip", debianPackage: "iproute2" }])
  expect(missingTools(() => true)).toEqual([])
})

test("only images that are missing in the registry or whose inputs changed are built", () => {
  const image = (name: string): BaseImage => ({ names: [name, `${name}-alias`], definedIn: [], build: (base) => base })
  const [fresh, changed, lost, unknown] = ["fresh:1", "changed:1", "lost:1", "unknown:1"].map(image)
  if (!fresh || !changed || !lost || !unknown) throw new Error("four images")
  const published = {
    "fresh:1": { key: "now", reference: "r" },
    "changed:1": { key: "before", reference: "r" },
    "lost:1": { key: "now", reference: "r" },
  }
  const missing = missingImages(
    [fresh, changed, lost, unknown],
    published,
    () => "now",
    (name) => name !== "lost:1-alias",
  )
  expect(missing).toEqual([changed, lost, unknown])
})
