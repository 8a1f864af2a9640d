import { type Directory, dag } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import type { GateWork } from "../gate/gate.js"
import { SuitesProduct } from "../report/gate.js"

/** The coverage of the lines that a change touches. */
export const patchCoverage: GateWork<"patch-coverage"> = {
  absent: async (_, settings) => (settings.qa.coverage === null ? "tollgate.yaml has no qa.coverage" : null),

  ci: async ({ source, settings, base, product }) => {
    const suites = product("test")
    if (base === null || !(suites instanceof SuitesProduct) || settings.qa.coverage === null)
      throw new RangeError("patch-coverage needs a base, the suites' run and qa.coverage")
    const [{ patchCoverage }, { judgePatch }, { appFolder }] = await Promise.all([
      import("./patch.js"),
      import("./judge.js"),
      import("../source.js"),
    ])
    const [app, before] = await Promise.all([appFolder(source, settings), baseFolder(base, settings)])
    const { report, page } = await patchCoverage(app, before, suites.run)
    return {
      ...judgePatch(report, settings.qa.coverage.patch),
      cached: false,
      product: { folder: async () => dag.directory().withFile("report.html", page), summary: "" },
    }
  },
}

/** The base may be from before the app had its folder. */
async function baseFolder(base: Directory, settings: Settings): Promise<Directory> {
  const { path } = settings.app
  return path === "." || (await base.exists(path)) ? base.directory(path) : dag.directory()
}
