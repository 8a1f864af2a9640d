import { dag, type Secret } from "@dagger.io/dagger"

/** A secret by reference: the short form of `dagger call` (env:NAME, file:PATH) or a URI (op://…). */
export function secretFrom(reference: string): Secret {
  return dag.secret(secretUri(reference))
}

/** The same for an optional option. */
export function optionalSecret(reference: string | undefined): Secret | undefined {
  return reference === undefined ? undefined : secretFrom(reference)
}

export function secretUri(reference: string): string {
  return reference.includes("://") ? reference : reference.replace(/^([a-z]+):/, "$1://")
}
