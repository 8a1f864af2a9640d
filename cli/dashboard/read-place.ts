import type { z } from "zod"
import { readRule } from "../../core/dashboard/oidc/allow.js"
import { type OidcSettings, problemsOfOidc } from "../../core/dashboard/oidc/settings.js"
import { type Place, problemsOfPlace } from "../../core/dashboard/server/address.js"
import { TollgateError } from "../../core/shared/errors.js"
import { secretText } from "../environment/secret-text.js"
import type { dashboardOptions } from "../options/dashboard.js"

type Options = z.output<typeof dashboardOptions>

/** Where the dashboard is, and how people sign in. @throws TollgateError `dashboard-options` with all problems */
export async function readPlace(options: Options): Promise<{ place: Place; oidc: OidcSettings | null }> {
  const { host, port, url } = options
  const problems = [...problemsOfPlace(host, url ?? null), ...problemsOfOidc(options)]
  if (problems.length > 0)
    throw new TollgateError(
      "dashboard-options",
      problems.join("\n"),
      "Correct these options. docs/dashboard-team.md has a whole example.",
    )
  return { place: { host, port, url: url === undefined ? null : new URL(url) }, oidc: await oidcOf(options) }
}

async function oidcOf(options: Options): Promise<OidcSettings | null> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: secret } = options
  if (issuer === undefined || clientId === undefined || secret === undefined) return null
  return {
    issuer: new URL(issuer),
    clientId,
    // a file of a secret ends with a newline
    clientSecret: (await secretText(secret, "--oidc-client-secret")).trim(),
    rules: options.oidcAllow.map(readRule).filter((rule) => typeof rule !== "string"),
    scopes: options.oidcScope,
  }
}
