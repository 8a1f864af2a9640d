import type { Container } from "@dagger.io/dagger"
import { complaint } from "../shared/complaint.js"
import { lastCause } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"
import { asExecError, type ExecError } from "../shared/exec-error.js"
import { quotedTail } from "../shared/quoted-tail.js"

/** Where the app's files are in a container that Tollgate makes. */
export const APP = "/app"

/**
 * Runs what installs.
 *
 * @param settings what to look at when a command fails
 */
export async function installing(settings: string, container: Container): Promise<Container> {
  try {
    return await container.sync()
  } catch (error) {
    const failed = asExecError(error)
    throw failed === null ? error : installationError(settings, failed)
  }
}

export function shell(container: Container, command: string): Container {
  return container.withExec(["sh", "-c", command])
}

export function withPackages(container: Container, packages: string[]): Container {
  const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`
  return shell(container.withEnvVariable("DEBIAN_FRONTEND", "noninteractive"), install).withoutEnvVariable(
    "DEBIAN_FRONTEND",
  )
}

/** Pulls the image that app.image names. */
export async function pulled(image: string, container: Container): Promise<Container> {
  try {
    return await container.sync()
  } catch (error) {
    if (asExecError(error) !== null || !(error instanceof Error)) throw error
    throw new TollgateError(
      "image-unavailable",
      `Could not pull ${image} (app.image): ${lastCause(error.message)}`,
      "Correct app.image of tollgate.yaml, or make sure that the engine reaches the image's registry and may read from it.",
    )
  }
}

function installationError(settings: string, error: ExecError): TollgateError {
  const command = error.cmd.at(-1) ?? ""
  const said = complaint(`${error.stdout}\n${error.stderr}`)
  const tail = quotedTail(`${error.stdout}\n${error.stderr}`, 12)
  return new TollgateError(
    "installation-failed",
    [
      `The app's dependencies could not be installed: \`${command}\` ended with ${error.exitCode}.`,
      ...(said ? [said] : []),
      "",
      ...tail,
    ].join("\n"),
    `Nothing ran. Correct ${settings} in tollgate.yaml, or the files that they name.`,
  )
}
