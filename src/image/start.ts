import type { Container } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { judgeService } from "./judge-service.js"
import { serviceRules } from "./rules.js"
import { type RunningApp, runningApp } from "./service.js"
import { watchApp } from "./watch.js"

/**
 * Starts the image and waits until it is healthy. It runs until its service is stopped.
 *
 * @param identity tells this instance, its database included, from others of the same image
 * @throws TollgateError with what the service printed last when it does not become healthy
 */
export async function startApp(image: Container, settings: Settings, identity: string): Promise<RunningApp> {
  const app = await runningApp(image, settings, identity)
  await app.service.start()
  const refusals = judgeService(await watchApp(app, settings, identity), serviceRules(settings))
  if (refusals.length === 0) return app
  await app.service.stop({ kill: true })
  throw new TollgateError(
    "image-not-healthy",
    refusals.map(({ what, details }) => [`The image does not work: ${what}.`, "", ...details.map((line) => `  | ${line}`)].join("\n")).join("\n\n"),
    refusals.map(({ next }) => next).join("\n"),
  )
}
