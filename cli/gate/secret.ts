import { dag, type Secret } from "@dagger.io/dagger"

/** A secret by its reference, in the short form of `dagger call` (env:NAME, file:PATH) or as a URI (op://…). */
export function secretFrom(reference: string): Secret {
  return dag.secret(secretUri(reference))
}

/** `secretFrom` for an optional option. */
export function optionalSecret(reference: string | undefined): Secret | undefined {
  return reference === undefined ? undefined : secretFrom(reference)
}

export function secretUri(reference: string): string {
  return reference.includes("://") ? reference : reference.replace(/^([a-z]+):/, "$1://")
}
