import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  addressText
} from "./shared.core.targets.ssh.access.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/compose/kind.ts
var compose = {
  inEngine: false,
  tools: [],
  keepsLedger: false,
  migrates: "database",
  open: /* @__PURE__ */ __name(async ({ settings, environment, given, access }) => {
    const { ssh } = access;
    if (ssh === null)
      throw new TollgateError(
        "ssh-key-missing",
        `No SSH key for ${environment}.`,
        "Pass --ssh-key=file:PATH, env:NAME or op://\u2026; the command line also uses the keys of your SSH agent."
      );
    const [{ Host }, { planOf }, { ComposeTarget }, { SshConnection }] = await Promise.all([
      import("./core.targets.compose.host.mjs"),
      import("./core.targets.compose.plan.mjs"),
      import("./core.targets.compose.target.mjs"),
      import("./core.targets.ssh.connection.mjs")
    ]);
    const plan = planOf(settings, given);
    const hosts = given.hosts.map(
      ({ host, port }) => new Host(
        new SshConnection(accessTo({ host, port, user: given.user }, given, ssh), addressText({ host, port })),
        plan
      )
    );
    return {
      target: new ComposeTarget(hosts.map(({ place }) => place).join(", "), hosts, plan, given.order),
      login: access.registry,
      variables: /* @__PURE__ */ new Map(),
      publish: null,
      postgres: null
    };
  }, "open")
};
function accessTo(to, { jump, knownHosts }, identity) {
  return [...jump, to].reduce(
    (via, hop) => ({ ...hop, knownHosts, knownAs: null, identity, ...via === null ? {} : { via } }),
    null
  ) ?? { ...to, knownHosts, knownAs: null, identity };
}
__name(accessTo, "accessTo");

// core/targets/sandbox/kind.ts
var sandbox = {
  inEngine: true,
  tools: ["kamal-proxy"],
  keepsLedger: true,
  migrates: "commands",
  open: /* @__PURE__ */ __name(async ({ settings, given, entryPoint, sandbox: name }) => {
    const { joinSandbox, openSandbox } = await import("./core.targets.sandbox.open.mjs");
    const running = await entryPoint.running(name);
    const { target, login, variables, push, registryPassword } = running === null ? await step(
      "start the sandbox",
      () => openSandbox(settings, given, entryPoint.reach, name),
      () => entryPoint.keepsSandbox ? "done; `tollgate sandbox` keeps it running for later commands" : "done"
    ) : joinSandbox(settings, given, running, name);
    return { target, login, variables, publish: push, postgres: { ledgerPassword: registryPassword } };
  }, "open")
};

// core/targets/registry.ts
var kinds = {
  compose,
  sandbox
};
var none = { inEngine: false, tools: [], keepsLedger: false, migrates: "commands" };
function traitsOf(target) {
  return target.kind === "none" ? none : kinds[target.kind];
}
__name(traitsOf, "traitsOf");
async function openPlace(settings, environment, entryPoint, access, sandbox2) {
  const { target } = environmentSettings(settings, environment);
  if (target.kind === "none")
    throw new TollgateError(
      "target-none",
      `environments.${environment} of tollgate.yaml has no target.`,
      `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`
    );
  return open(target.kind, { settings, environment, given: target, entryPoint, access, sandbox: sandbox2 });
}
__name(openPlace, "openPlace");
function open(kind, request) {
  return kinds[kind].open(request);
}
__name(open, "open");

export {
  traitsOf,
  openPlace
};
