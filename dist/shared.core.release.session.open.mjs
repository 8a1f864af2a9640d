import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  addressText
} from "./shared.core.release.target.ssh.access.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/session/open.ts
async function openPlace(settings, environment, entryPoint, access, sandboxName) {
  const { target } = environmentSettings(settings, environment);
  switch (target.kind) {
    case "none":
      throw new TollgateError(
        "target-none",
        `environments.${environment} of tollgate.yaml has no target.`,
        `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`
      );
    case "sandbox": {
      const { joinSandbox, openSandbox } = await import("./core.release.target.sandbox.open.mjs");
      const running = await entryPoint.running(sandboxName);
      const sandbox = running === null ? await step("start the sandbox", () => openSandbox(settings, target, entryPoint.reach, sandboxName)) : joinSandbox(settings, target, running, sandboxName);
      return { target: sandbox.target, sandbox, login: sandbox.login };
    }
    case "compose":
      return {
        target: await openHosts(settings, environment, target, access.ssh),
        sandbox: null,
        login: access.registry
      };
  }
}
__name(openPlace, "openPlace");
async function openHosts(settings, environment, given, ssh) {
  if (ssh === null)
    throw new TollgateError(
      "ssh-key-missing",
      `No SSH key for ${environment}.`,
      "Pass --ssh-key=file:PATH, env:NAME or op://\u2026; the command line also uses the keys of your SSH agent."
    );
  const [{ Host }, { planOf }, { ComposeTarget }, { SshConnection }] = await Promise.all([
    import("./core.release.target.compose.host.mjs"),
    import("./core.release.target.compose.plan.mjs"),
    import("./core.release.target.compose.target.mjs"),
    import("./core.release.target.ssh.connection.mjs")
  ]);
  const plan = planOf(settings, given);
  const hosts = given.hosts.map(({ host, port }) => {
    return new Host(
      new SshConnection(accessTo({ host, port, user: given.user }, given, ssh), addressText({ host, port })),
      plan
    );
  });
  return new ComposeTarget(hosts.map(({ place }) => place).join(", "), hosts, plan, given.order);
}
__name(openHosts, "openHosts");
function accessTo(to, { jump, knownHosts }, identity) {
  return [...jump, to].reduce(
    (via, hop) => ({ ...hop, knownHosts, knownAs: null, identity, ...via === null ? {} : { via } }),
    null
  ) ?? { ...to, knownHosts, knownAs: null, identity };
}
__name(accessTo, "accessTo");

export {
  openPlace
};
