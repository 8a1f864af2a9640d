import { safe } from "../presentation/screen.js"
import { TollgateError } from "../shared/errors.js"

/** Exit codes of publish.sh. */
const LOGIN = 11
const _PUSH = 12
const TAG = 13
const READ_BACK = 14

/** What a registry's problem means for a person who publishes. `said` is what skopeo printed. */
export function publishFailure(
  code: number,
  output: string,
  { name, tag, registry, user }: { name: string; tag: string; registry: string; user: string },
): TollgateError {
  const reason = reasonOf(output)
  const left =
    code === TAG || code === READ_BACK
      ? `The image is in the registry under its digest. It is unknown whether the tag ${tag} points to it.`
      : `Nothing was published. The tag ${tag} of ${name} is unchanged.`
  const fail = (kind: string, what: string, next: string) =>
    new TollgateError(kind, [what, `  | ${safe(reason)}`].join("\n"), `${left}\n${next}`)

  if (/invalid username\/password|unauthorized|authentication required|401/i.test(reason))
    return code === LOGIN
      ? fail(
          "registry-login-refused",
          `${registry} rejected the login of ${user}.`,
          "Check --registry-user and --registry-password: is the token still valid?",
        )
      : fail(
          "registry-login-needed",
          `${registry} requires a login for ${name}.`,
          "Pass --registry-user and --registry-password. A token needs write access to this repository.",
        )
  if (/denied|forbidden|403|insufficient_scope|not allowed/i.test(reason))
    return fail(
      "registry-denied",
      `${registry} denied ${user === "" ? "anonymous access" : user} write access to ${name}.`,
      "Make sure that the repository exists and that this user or token may write to it.",
    )
  if (
    /no such host|connection refused|i\/o timeout|network is unreachable|no route to host|Client\.Timeout|context deadline exceeded|server misbehaving/i.test(
      reason,
    )
  )
    return fail(
      "registry-unreachable",
      `Could not reach ${registry} from the engine.`,
      "Check image.name. For a registry that only your machine can reach, pass --registry-service=tcp://HOST:PORT.",
    )
  if (/x509|certificate/i.test(reason))
    return fail(
      "registry-certificate",
      `The certificate of ${registry} is not trusted.`,
      "Set image.registry.ca in tollgate.yaml to the certificates of its authority.",
    )
  if (/server gave HTTP response to HTTPS client/i.test(reason))
    return fail(
      "registry-plain",
      `${registry} uses plain HTTP.`,
      "Set image.registry.insecure: true to allow that. The password then travels unencrypted.",
    )
  return fail(
    "publish-failed",
    `${registry} rejected the ${code === TAG ? "tag" : "image"}.`,
    "Fix the registry's error above and publish again.",
  )
}

/** The line with the cause, without skopeo's prefix. */
function reasonOf(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
  const fatal = lines.findLast((line) => /level=fatal/.test(line)) ?? lines.at(-1)
  if (fatal === undefined) return "no response within 15 minutes"
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(fatal)?.[1]
  return message === undefined ? fatal : message.replace(/\\(.)/g, "$1")
}
