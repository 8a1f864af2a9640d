/** What a service is called where it is not told otherwise: on hosts, in the ledger. */
export function serviceName(given: string | undefined, image: string | undefined): string {
  const last = (image ?? "").split("/").at(-1)?.replace(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40) ?? ""
  return given ?? (last === "" ? "service" : last)
}
