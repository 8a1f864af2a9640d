import { type Directory, dag } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import type { CiWork } from "../gate/work.js"
import { SuitesProduct } from "../report/ci.js"
import { appFolder } from "../source.js"
import { judgePatch } from "./judge.js"
import { patchCoverage as run } from "./patch.js"

export const patchCoverage: CiWork = {
  absent: async (_, settings) => (settings.qa.coverage === null ? "tollgate.yaml has no qa.coverage" : null),

  run: async ({ source, settings, base, product }) => {
    const suites = product("test")
    if (base === null || !(suites instanceof SuitesProduct) || settings.qa.coverage === null)
      throw new RangeError("patch-coverage needs a base, the suites' run and qa.coverage")
    const [app, before] = await Promise.all([appFolder(source, settings), baseFolder(base, settings)])
    const { report, page } = await run(app, before, suites.run)
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
