/** As long as a release's id is: 20261122-093015-3fa9. */
const RELEASE_ID = 20
/** RFC 1035: of one label of a host name. The proxy asks Docker's DNS for a container by its name. */
const LABEL = 63

/**
 * Longest name of a service: with `-web-` and a release's id it is the name of a container, which is a host name for the proxy, and a
 * repository of the sandbox's registry.
 */
export const LONGEST_SERVICE = LABEL - "-web-".length - RELEASE_ID

/** What a registry takes as a part of a repository, and DNS as a label. */
export const SERVICE_NAME = new RegExp(`^(?=.{1,${LONGEST_SERVICE}}$)[a-z](?:[a-z0-9-]*[a-z0-9])?$`)

/** What a service is called where it is not told otherwise: on hosts, in the ledger. */
export function serviceName(given: string | undefined, image: string | undefined): string {
  const last =
    (image ?? "")
      .split("/")
      .at(-1)
      ?.replace(/[^a-z0-9-]+/g, "-")
      .replace(/^[^a-z]+/, "")
      .slice(0, LONGEST_SERVICE)
      .replace(/-+$/, "") ?? ""
  return given ?? (last === "" ? "service" : last)
}
