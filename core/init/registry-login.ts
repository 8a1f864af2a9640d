/** How a CI logs in to the registry of image.name. */
export type RegistryLogin =
  /** With the job's own token. */
  | { readonly kind: "github" }
  | { readonly kind: "gitlab" }
  /** With a token that the cloud gives for the job's OIDC token. */
  | { readonly kind: "aws"; readonly host: string; readonly account: string; readonly region: string }
  | { readonly kind: "google" }
  | { readonly kind: "azure"; readonly registry: string; readonly suffix: string }
  /** With a stored user and password. */
  | { readonly kind: "stored" }

/** @param image as image.name has it */
export function registryLogin(image: string): RegistryLogin {
  const [host = ""] = image.split("/", 1)
  if (host === "ghcr.io") return { kind: "github" }
  if (host === "registry.gitlab.com") return { kind: "gitlab" }
  const [, account, region] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host) ?? []
  if (account !== undefined && region !== undefined) return { kind: "aws", host, account, region }
  if (/^[a-z0-9-]+-docker\.pkg\.dev$/.test(host)) return { kind: "google" }
  // the name of a registry has no dash: what follows one is the label of its domain
  const [, registry, suffix = ""] = /^([a-z0-9]+)(?:-([a-z0-9]+))?\.azurecr\.io$/.exec(host) ?? []
  if (registry !== undefined) return { kind: "azure", registry, suffix }
  return { kind: "stored" }
}
