import type { Container, Directory } from "@dagger.io/dagger"
import type { Part } from "../part.js"

/** One image: the public names it goes by, and how it is made from the minimal Debian. */
export interface BaseImage {
  names: readonly string[]
  /** the files that define it; a change in them builds the image again */
  definedIn: readonly string[]
  /** what must have been built on the host before; a change builds the image again */
  parts?: readonly Part[]
  /** what else it depends on */
  facts?: readonly string[]
  /** @param folder the folder of one of its parts */
  build(debian: Container, folder: (part: Part) => Directory): Container
}

/** Debian packages, leaving no lists behind. */
export function withPackages(container: Container, packages: readonly string[]): Container {
  return container.withExec(
    [
      "sh",
      "-c",
      `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log`,
    ],
    { expand: false },
  )
}

/** Asked several times a second while a service starts, then every half minute; a slow first start is given time. */
export const impatientHealthcheck = {
  interval: "30s",
  timeout: "5s",
  startPeriod: "2m",
  startInterval: "250ms",
  retries: 3,
}
