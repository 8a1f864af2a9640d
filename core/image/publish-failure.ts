import { TollgateError } from "../errors.js"
import { safe } from "../report/screen.js"

/** Exit codes of publish.sh. */
const LOGIN = 11
const PUSH = 12
const TAG = 13
const READ_BACK = 14

/** What a registry's problem means for whoever wants to publish. `said` is what skopeo printed. */
export function publishFailure(code: number, said: string, { name, tag, registry, user }: { name: string; tag: string; registry: string; user: string }): TollgateError {
  const reason = reasonOf(said)
  const left =
    code === TAG || code === READ_BACK
      ? `The image is in the registry under its digest; whether ${tag} names it is not known.`
      : `Nothing is published: ${name} has no ${tag} that it did not have before.`
  const fail = (kind: string, what: string, next: string) => new TollgateError(kind, [what, `  | ${safe(reason)}`].join("\n"), `${left}\n${next}`)

  if (/invalid username\/password|unauthorized|authentication required|401/i.test(reason))
    return code === LOGIN
      ? fail("registry-login-refused", `${registry} refused the login of ${user}.`, "Is it the right user, and a password or token that has not expired?")
      : fail("registry-login-needed", `${registry} wants a login for ${name}.`, "Give --registry-user and --registry-password; a token must be allowed to write to this repository.")
  if (/denied|forbidden|403|insufficient_scope|not allowed/i.test(reason))
    return fail("registry-denied", `${registry} does not let ${user === "" ? "anybody" : user} write to ${name}.`, "Does the repository exist, and may this user or token write to it?")
  if (/no such host|connection refused|i\/o timeout|network is unreachable|no route to host|Client\.Timeout|context deadline exceeded|server misbehaving/i.test(reason))
    return fail("registry-unreachable", `${registry} could not be reached from the engine.`, "Is image.name right? A registry that only your own machine reaches is given with --registry-service=tcp://HOST:PORT.")
  if (/x509|certificate/i.test(reason))
    return fail("registry-certificate", `${registry} shows a certificate that is not trusted.`, "image.registry.ca of tollgate.yaml names the certificates of its authority.")
  if (/server gave HTTP response to HTTPS client/i.test(reason))
    return fail("registry-plain", `${registry} speaks plain HTTP.`, "image.registry.insecure: true allows that. Whoever listens can then read the password.")
  return fail("publish-failed", `${registry} did not take the image${code === PUSH ? "" : code === TAG ? "'s tag" : ""}.`, "What is above is the registry's own reason.")
}

/** The one line that says why, without what skopeo puts around it. */
function reasonOf(said: string): string {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "")
  const fatal = lines.findLast((line) => /level=fatal/.test(line)) ?? lines.at(-1)
  if (fatal === undefined) return "it gave no reason within 15 minutes"
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(fatal)?.[1]
  return message === undefined ? fatal : message.replace(/\\(.)/g, "$1")
}
