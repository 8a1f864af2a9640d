import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  safe
} from "./shared.core.presentation.columns.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/publish.ts
import { readFile } from "node:fs/promises";
import { dag, ReturnType } from "../sdk/index.ts";

// core/image/publish-failure.ts
var LOGIN = 11;
var TAG = 13;
var READ_BACK = 14;
function publishFailure(code, output, { name, tag, registry, user }) {
  const reason = reasonOf(output);
  const left = code === TAG || code === READ_BACK ? `The image is in the registry under its digest. It is unknown whether the tag ${tag} points to it.` : `Nothing was published. The tag ${tag} of ${name} is unchanged.`;
  const fail = /* @__PURE__ */ __name((kind, what, next) => new TollgateError(kind, [what, `  | ${safe(reason)}`].join("\n"), `${left}
${next}`), "fail");
  if (/invalid username\/password|unauthorized|authentication required|401/i.test(reason))
    return code === LOGIN ? fail(
      "registry-login-refused",
      `${registry} rejected the login of ${user}.`,
      "Check --registry-user and --registry-password: is the token still valid?"
    ) : fail(
      "registry-login-needed",
      `${registry} requires a login for ${name}.`,
      "Pass --registry-user and --registry-password. A token needs write access to this repository."
    );
  if (/denied|forbidden|403|insufficient_scope|not allowed/i.test(reason))
    return fail(
      "registry-denied",
      `${registry} denied ${user === "" ? "anonymous access" : user} write access to ${name}.`,
      "Make sure that the repository exists and that this user or token may write to it."
    );
  if (/no such host|connection refused|i\/o timeout|network is unreachable|no route to host|Client\.Timeout|context deadline exceeded|server misbehaving/i.test(
    reason
  ))
    return fail(
      "registry-unreachable",
      `Could not reach ${registry} from the engine.`,
      "Check image.name. For a registry that only your machine can reach, pass --registry-service=tcp://HOST:PORT."
    );
  if (/x509|certificate/i.test(reason))
    return fail(
      "registry-certificate",
      `The certificate of ${registry} is not trusted.`,
      "Set image.registry.ca in tollgate.yaml to the certificates of its authority."
    );
  if (/server gave HTTP response to HTTPS client/i.test(reason))
    return fail(
      "registry-plain",
      `${registry} uses plain HTTP.`,
      "Set image.registry.insecure: true to allow that. The password then travels unencrypted."
    );
  return fail(
    "publish-failed",
    `${registry} rejected the ${code === TAG ? "tag" : "image"}.`,
    "Fix the registry's error above and publish again."
  );
}
__name(publishFailure, "publishFailure");
function reasonOf(output) {
  const lines = output.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const fatal = lines.findLast((line) => /level=fatal/.test(line)) ?? lines.at(-1);
  if (fatal === void 0) return "no response within 15 minutes";
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
  if (name === void 0)
    problems.push(
      "image.name is not set in tollgate.yaml: set it to registry and repository, such as ghcr.io/acme/payments"
    );
  if (!TAG2.test(tag))
    problems.push(
      `--tag=${JSON.stringify(tag)} is not a valid tag: use at most 128 letters, digits and . _ -, not starting with . or -`
    );
  if (password !== void 0 && account === "")
    problems.push("--registry-password has no user: pass --registry-user, or set image.registry.user in tollgate.yaml");
  if (name === void 0 || problems.length > 0)
    throw new TollgateError(
      "publish-target",
      problems.join("\n"),
      "Nothing was built or published. Correct the above and publish again."
    );
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
  if (destination.service !== void 0)
    container = container.withServiceBinding(registry.split(":", 1)[0] ?? registry, destination.service);
  if (destination.password !== void 0)
    container = container.withMountedSecret("/run/secrets/registry-password", destination.password);
  const finished = container.withMountedDirectory("/layout", layout).withMountedTemp("/run/registry").withEnvVariable("REGISTRY", registry).withEnvVariable("REGISTRY_USER", user).withEnvVariable("INSECURE", String(insecure)).withEnvVariable("TOLLGATE_RUN", runId(/* @__PURE__ */ new Date())).withExec(["sh", "/publish.sh", name, tag, digest], { expect: ReturnType.Any });
  return await step(`publish ${name}:${tag}`, async () => {
    const code = await finished.exitCode();
    if (code !== 0) throw publishFailure(code, await finished.stderr(), target);
    const published = (await finished.stdout()).trim();
    if (published !== digest)
      throw new TollgateError(
        "publish-other",
        `${name}:${tag} is ${published} in the registry, not the published ${digest}.`,
        "Another build publishes under the same tag. Publish again, or use another tag."
      );
    return `${name}:${tag}@${digest}`;
  });
}
__name(publishLayout, "publishLayout");
async function publisher(source, ca) {
  const script = await readFile(new URL("container/publish.sh", new URL("../core/image/publish.ts", import.meta.url).href), "utf8");
  const container = dag.container().from("debian:bookworm-slim").withEnvVariable("DEBIAN_FRONTEND", "noninteractive").withExec([
    "sh",
    "-c",
    "apt-get update -qq && apt-get install -y -qq --no-install-recommends skopeo ca-certificates >/dev/null"
  ]).withNewFile("/publish.sh", script).withDirectory("/run/certificates", dag.directory());
  if (ca === void 0) return container;
  if (!await source.exists(ca))
    throw new TollgateError(
      "registry-ca-missing",
      `The source has no ${ca} (image.registry.ca).`,
      "Correct image.registry.ca in tollgate.yaml: the path of the authority's certificates, relative to the source."
    );
  return container.withFile("/run/certificates/ca.crt", source.file(ca));
}
__name(publisher, "publisher");

export {
  requireTarget,
  publishLayout,
  publisher
};
