import type { Container } from "@dagger.io/dagger"
import { complaint } from "../shared/complaint.js"
import { lastCause } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"
import { asExecError, type ExecError } from "../shared/exec-error.js"
import { quotedTail } from "../shared/quoted-tail.js"
import { adviceOn } from "./installation-advice.js"

/** Where the app's files are in a container that Tollgate makes. */
export const APP = "/app"

/** Keys of tollgate.yaml that say what is installed. */
export interface InstallationKeys {
  /** All of them, in words. */
  all: string
  /** The one with Debian packages that are there meanwhile. */
  packages: string
}

/** Runs what installs. */
export async function installing(settings: InstallationKeys, container: Container): Promise<Container> {
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

function installationError({ all, packages }: InstallationKeys, error: ExecError): TollgateError {
  const command = error.cmd.at(-1) ?? ""
  const output = `${error.stdout}\n${error.stderr}`
  const said = complaint(output)
  const tail = quotedTail(output, 12)
  const advice = adviceOn(output, packages)
  return new TollgateError(
    "installation-failed",
    [
      `The app's dependencies could not be installed: \`${command}\` ended with ${error.exitCode}.`,
      ...(said ? [said] : []),
      "",
      ...tail,
    ].join("\n"),
    advice === null
      ? `Nothing ran. Correct ${all} in tollgate.yaml, or the files that they name.`
      : `Nothing ran. ${advice}`,
  )
}
