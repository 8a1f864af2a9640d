import { posix } from "node:path"
import type { AppSettings } from "../../config/app.js"
import { USUAL_FILE } from "../../config/dependencies.js"
import { TollgateError } from "../../shared/errors.js"
import type { Repository } from "../../source.js"
import { detect } from "./detect.js"
import { readLayout } from "./read-layout.js"

/** The files that the installation reads, relative to the app's folder: listed, or detected. Those above the folder are left out. */
export async function filesOfInstallation(
  { dependencies }: Pick<AppSettings, "dependencies">,
  repository: Repository,
): Promise<string[]> {
  if (dependencies.files !== null || dependencies.install !== null) return dependencies.files ?? [USUAL_FILE]
  try {
    const plan = detect(await readLayout(repository), { ...dependencies, purpose: "test" }, "app.dependencies")
    return plan.files.map((path) => posix.relative(repository.path, path)).filter((path) => !path.startsWith("../"))
  } catch (error) {
    // that nothing says what to install is for the installation to refuse
    if (error instanceof TollgateError && error.code === "dependencies-missing") return []
    throw error
  }
}
