import { join } from "node:path"
import { currentHome } from "../../cli/engine/connect.js"
import { contentKey } from "../../dagger/engine/content-key.js"
import { buildGo } from "../../dagger/engine/go-build.js"

const SOURCE = new URL("workflow-tools/", import.meta.url).pathname

/** actionlint and act, built by Go once for each version of them, as the engine's own programs are. */
export async function workflowTools(): Promise<{ actionlint: string; act: string }> {
  const built = await buildGo(currentHome(), {
    part: { name: "test-workflow-tools", key: contentKey([], [SOURCE]) },
    source: SOURCE,
    packages: ["github.com/rhysd/actionlint/cmd/actionlint", "github.com/nektos/act"],
    options: ["-ldflags", "-s -w"],
  })
  return { actionlint: join(built, "actionlint"), act: join(built, "act") }
}
