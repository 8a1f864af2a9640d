import type { Settings } from "../config/schema.js"
import { namingServices } from "../qa/service-failure.js"
import { type ObservedService, observedService } from "./observed.js"
import { pythonTool, TOOLS } from "./python-tool.js"
import { APP_HOST, type RunningApp, STATE_PORT } from "./service.js"

/** Seconds that a service must stay healthy; a failure of its first background job shows by then. */
const SETTLE = 3

/** Enough for migrations of an empty database. */
export const BEFORE_TIMEOUT = 600

/**
 * Observes the service from another container until it works or has failed. The engine starts it, unless it already runs.
 *
 * @param run empty to reuse an earlier observation of the same instance
 */
export async function watchApp(app: RunningApp, settings: Settings, run: string): Promise<ObservedService> {
  const { port, health, startTimeout } = settings.image
  const watched = app
    .client(pythonTool("watch.py"))
    .withEnvVariable("TOLLGATE_RUN", run)
    .withExec(
      [
        "python3",
        `${TOOLS}/watch.py`,
        APP_HOST,
        port,
        health,
        startTimeout,
        SETTLE,
        BEFORE_TIMEOUT,
        STATE_PORT,
        app.hasHealthcheck ? "yes" : "no",
      ].map(String),
    )
  const { services } = settings.image
  const seen = await namingServices(
    services === undefined ? "qa.services" : "image.services",
    services ?? settings.qa.services,
    () => watched.stdout(),
  )
  return observedService.parse(JSON.parse(seen))
}
