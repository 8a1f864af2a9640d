import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.progress.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  safe
} from "./shared.core.report.columns.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/publish.ts
import { readFile } from "node:fs/promises";
import { dag, ReturnType } from "../sdk/index.ts";

// core/image/publish-failure.ts
var LOGIN = 11;
var PUSH = 12;
var TAG = 13;
var READ_BACK = 14;
function publishFailure(code, said, { name, tag, registry, user }) {
  const reason = reasonOf(said);
  const left = code === TAG || code === READ_BACK ? `The image is in the registry under its digest; whether ${tag} names it is not known.` : `Nothing is published: ${name} has no ${tag} that it did not have before.`;
  const fail = /* @__PURE__ */ __name((kind, what, next) => new TollgateError(kind, [what, `  | ${safe(reason)}`].join("\n"), `${left}
${next}`), "fail");
  if (/invalid username\/password|unauthorized|authentication required|401/i.test(reason))
    return code === LOGIN ? fail("registry-login-refused", `${registry} refused the login of ${user}.`, "Is it the right user, and a password or token that has not expired?") : fail("registry-login-needed", `${registry} wants a login for ${name}.`, "Give --registry-user and --registry-password; a token must be allowed to write to this repository.");
  if (/denied|forbidden|403|insufficient_scope|not allowed/i.test(reason))
    return fail("registry-denied", `${registry} does not let ${user === "" ? "anybody" : user} write to ${name}.`, "Does the repository exist, and may this user or token write to it?");
  if (/no such host|connection refused|i\/o timeout|network is unreachable|no route to host|Client\.Timeout|context deadline exceeded|server misbehaving/i.test(reason))
    return fail("registry-unreachable", `${registry} could not be reached from the engine.`, "Is image.name right? A registry that only your own machine reaches is given with --registry-service=tcp://HOST:PORT.");
  if (/x509|certificate/i.test(reason))
    return fail("registry-certificate", `${registry} shows a certificate that is not trusted.`, "image.registry.ca of tollgate.yaml names the certificates of its authority.");
  if (/server gave HTTP response to HTTPS client/i.test(reason))
    return fail("registry-plain", `${registry} speaks plain HTTP.`, "image.registry.insecure: true allows that. Whoever listens can then read the password.");
  return fail("publish-failed", `${registry} did not take the image${code === PUSH ? "" : code === TAG ? "'s tag" : ""}.`, "What is above is the registry's own reason.");
}
__name(publishFailure, "publishFailure");
function reasonOf(said) {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const fatal = lines.findLast((line) => /level=fatal/.test(line)) ?? lines.at(-1);
  if (fatal === void 0) return "it gave no reason within 15 minutes";
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(fatal)?.[1];
  return message === void 0 ? fatal : message.replace(/\\(.)/g, "$1");
}
__name(reasonOf, "reasonOf");

// core/image/publish.ts
var TAG2 = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
function requireTarget(settings, { tag, user, password }) {
  const { name, registry } = settings.image;
  const account = user === "" ? registry.user ?? "" : user;
  const problems = [];
  if (name === void 0) problems.push("image.name of tollgate.yaml does not say where to publish: write registry and repository, such as ghcr.io/acme/payments");
  if (!TAG2.test(tag)) problems.push(`${JSON.stringify(tag)} is not a tag: letters, digits and . _ - , at most 128, not beginning with . or -`);
  if (password !== void 0 && account === "") problems.push("there is a password and no user: give --registry-user, or write image.registry.user into tollgate.yaml");
  if (name === void 0 || problems.length > 0) throw new TollgateError("publish-target", problems.join("\n"), "Nothing was built and nothing was published.");
  return { name, tag, registry: registryOf(name), user: account };
}
__name(requireTarget, "requireTarget");
function registryOf(name) {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
__name(registryOf, "registryOf");
async function publishLayout(publisher2, settings, layout, digest, target, destination) {
  const { name, tag, registry, user } = target;
  const { insecure } = settings.image.registry;
  let container = publisher2;
  if (destination.service !== void 0) container = container.withServiceBinding(registry.split(":", 1)[0] ?? registry, destination.service);
  if (destination.password !== void 0) container = container.withMountedSecret("/run/secrets/registry-password", destination.password);
  const finished = container.withMountedDirectory("/layout", layout).withMountedTemp("/run/registry").withEnvVariable("REGISTRY", registry).withEnvVariable("REGISTRY_USER", user).withEnvVariable("INSECURE", String(insecure)).withEnvVariable("TOLLGATE_RUN", runId(/* @__PURE__ */ new Date())).withExec(["sh", "/publish.sh", name, tag, digest], { expect: ReturnType.Any });
  return await step(`publish ${name}:${tag}`, async () => {
    const code = await finished.exitCode();
    if (code !== 0) throw publishFailure(code, await finished.stderr(), target);
    const there = (await finished.stdout()).trim();
    if (there !== digest)
      throw new TollgateError("publish-other", `${name}:${tag} is ${there} in the registry now, and not ${digest}, which was just published.`, "Somebody else publishes under the same tag. Publish again, or use a tag of your own.");
    return `${name}:${tag}@${digest}`;
  });
}
__name(publishLayout, "publishLayout");
async function publisher(source, ca) {
  const script = await readFile(new URL("container/publish.sh", new URL("../core/image/publish.ts", import.meta.url).href), "utf8");
  const container = dag.container().from("debian:bookworm-slim").withEnvVariable("DEBIAN_FRONTEND", "noninteractive").withExec(["sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends skopeo ca-certificates >/dev/null"]).withNewFile("/publish.sh", script).withDirectory("/run/certificates", dag.directory());
  if (ca === void 0) return container;
  if (!await source.exists(ca)) throw new TollgateError("registry-ca-missing", `There is no ${ca} in the source.`, "image.registry.ca of tollgate.yaml names the certificates of the registry's authority, relative to the source.");
  return container.withFile("/run/certificates/ca.crt", source.file(ca));
}
__name(publisher, "publisher");

export {
  requireTarget,
  publishLayout,
  publisher
};
