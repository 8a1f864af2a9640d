import type { Settings } from "../config/schema.js"
import { type ObservedService, observedService } from "./observed.js"
import { pythonTool, TOOLS } from "./python-tool.js"
import { APP_HOST, type RunningApp, STATE_PORT } from "./service.js"

/** How long a service must stay healthy once it is: what falls over with its first background job does so by then. */
const SETTLE = 3

/** For migrations of an empty database. */
export const BEFORE_TIMEOUT = 600

/**
 * Watches the service from another container until it is known whether it works. The engine starts it for that, unless
 * it runs already.
 *
 * @param run empty: what was seen of the same instance before will do
 */
export async function watchApp(app: RunningApp, settings: Settings, run: string): Promise<ObservedService> {
  const { port, health, startTimeout } = settings.image
  const watched = app
    .client(pythonTool("watch.py"))
    .withEnvVariable("TOLLGATE_RUN", run)
    .withExec(["python3", `${TOOLS}/watch.py`, APP_HOST, port, health, startTimeout, SETTLE, BEFORE_TIMEOUT, STATE_PORT, app.hasHealthcheck ? "yes" : "no"].map(String))
  return observedService.parse(JSON.parse(await watched.stdout()))
}
