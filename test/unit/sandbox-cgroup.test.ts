import { execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"

const script = fileURLToPath(new URL("../../core/targets/sandbox/container/cgroup.sh", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-cgroup-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A tree of plain files, as the kernel shows one. */
function tree(name: string, files: Record<string, string>): string {
  const root = join(folder, name)
  mkdirSync(root)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text)
  return root
}

describe("the sandbox's host", () => {
  test("on cgroup v2 moves every process into a child before it enables all controllers", () => {
    const root = tree("v2", {
      "cgroup.controllers": "cpuset cpu io memory pids\n",
      "cgroup.procs": "1\n17\n42\n",
      "cgroup.subtree_control": "",
    })
    execFileSync("sh", [script, root])
    expect(readFileSync(join(root, "init/cgroup.procs"), "utf8")).toBe("1\n17\n42\n")
    expect(readFileSync(join(root, "cgroup.subtree_control"), "utf8")).toBe("+cpuset +cpu +io +memory +pids\n")
  })

  test("on cgroup v2 without controllers enables none", () => {
    const root = tree("none", { "cgroup.controllers": "\n", "cgroup.procs": "1\n", "cgroup.subtree_control": "" })
    execFileSync("sh", [script, root])
    expect(readFileSync(join(root, "cgroup.subtree_control"), "utf8")).toBe("")
  })

  test("on cgroup v1 changes nothing", () => {
    const root = tree("v1", {})
    execFileSync("sh", [script, root])
    expect(existsSync(join(root, "init"))).toBe(false)
  })

  test("whose controllers cannot be enabled says which", () => {
    const root = tree("refused", { "cgroup.controllers": "cpu memory\n", "cgroup.procs": "" })
    mkdirSync(join(root, "cgroup.subtree_control"))
    expect(spawnSync("sh", [script, root], { encoding: "utf8" })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("the controllers +cpu +memory"),
    })
  })
})

// the kernel's own rules, where this machine has cgroup v2 with a controller to enable
const v2 = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].find((root) => existsSync(join(root, "cgroup.controllers")))
const controllers = v2 === undefined ? "" : readFileSync(join(v2, "cgroup.controllers"), "utf8").trim()
test.runIf(process.getuid?.() === 0 && v2 !== undefined && controllers !== "")(
  "on a real cgroup v2 enables what the kernel refuses while a process is in the root",
  () => {
    const root = join(v2 ?? "", `tollgate-test-${process.pid}`)
    const enable = join(v2 ?? "", "cgroup.subtree_control")
    const [controller = ""] = controllers.split(" ")
    const enabledBefore = readFileSync(enable, "utf8").split(/\s+/).includes(controller)
    const sleeper = spawn("sleep", ["60"])
    try {
      writeFileSync(enable, `+${controller}`)
      mkdirSync(root)
      writeFileSync(join(root, "cgroup.procs"), String(sleeper.pid))
      expect(() => writeFileSync(join(root, "cgroup.subtree_control"), `+${controller}`)).toThrow(/EBUSY/)
      execFileSync("sh", [script, root])
      expect(readFileSync(join(root, "cgroup.subtree_control"), "utf8")).toContain(controller)
      expect(readFileSync(join(root, "init/cgroup.procs"), "utf8").trim()).toBe(String(sleeper.pid))
    } finally {
      writeFileSync(join(v2 ?? "", "cgroup.procs"), String(sleeper.pid))
      sleeper.kill("SIGKILL")
      if (existsSync(join(root, "init"))) rmdirSync(join(root, "init"))
      rmdirSync(root)
      if (!enabledBefore) writeFileSync(enable, `-${controller}`)
    }
  },
)
