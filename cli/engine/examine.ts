import { cliOnPath, findCli } from "../../dagger/engine/cli/find.js"
import { freeBytes, humanBytes } from "../../dagger/engine/disk.js"
import type { Home } from "../../dagger/engine/home.js"
import { missingTools } from "../../dagger/engine/host-tools.js"
import { engineStatus, stateSizes } from "../../dagger/engine/status.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { type Choice, chooseEngine, explainNone } from "./choose.js"
import { describeContainer } from "./describe-container.js"
import { formatStatus, table } from "./format.js"
import { probe } from "./probe.js"

export async function examine(home: Home, env: NodeJS.ProcessEnv): Promise<{ text: string; usable: boolean }> {
  const [facts, status, sizes, free, cli, onPath] = await Promise.all([
    probe(home, env),
    engineStatus(home),
    stateSizes(home),
    freeBytes(home.root),
    findCli(home, env),
    cliOnPath(),
  ])
  const choice = chooseEngine(facts)
  const container =
    choice.kind === "docker" ? [section("Engine in a container", await describeContainer(choice.engine))] : []
  const toInstall = missingTools().map((missing) => missing.debianPackage)
  const found = table([
    ["Node", process.versions.node],
    [
      "Go",
      facts.go === undefined
        ? "not found"
        : facts.goIsEnough
          ? facts.go
          : `${facts.go}, but ${facts.goNeeded} is required`,
    ],
    [
      "dagger CLI",
      cli ??
        `${engineVersion()} not found${onPath === undefined ? "" : ` (${onPath.path} is ${onPath.version ?? "an unknown version"} and not used)`}: downloaded when a command needs it`,
    ],
    [
      "container engine",
      facts.containerEngine ??
        (facts.containerClients.length > 0 ? `${facts.containerClients.join(", ")}: no running engine` : "none"),
    ],
    [
      "system",
      `${facts.platform}${facts.root ? ", root" : ", not root"}${toInstall.length > 0 ? `; \`engine up\` installs ${[...new Set(toInstall)].join(", ")}` : ""}`,
    ],
  ])
  const disk = table([
    ["state", home.root],
    ...sizes.map(({ what, bytes }) => [`  ${what}`, humanBytes(bytes)] as const),
    ["free", humanBytes(free)],
  ])
  return {
    usable: choice.kind !== "none",
    text: [
      section("Found", found),
      ...container,
      section("Engine without Docker", formatStatus(status)),
      section("Disk", disk),
      section("Verdict", verdict(choice)),
    ].join("\n\n"),
  }
}

function verdict(choice: Choice): string {
  switch (choice.kind) {
    case "given":
      return `Uses the engine at ${choice.runner}, set in _EXPERIMENTAL_DAGGER_RUNNER_HOST.`
    case "docker":
      return `Uses ${choice.engine}: the engine runs in its own container.`
    case "local":
      return "Uses the engine without Docker. `tollgate engine up`, or the first command that needs it, starts it."
    case "none":
      return `No engine available. Set up one of these:\n${explainNone(choice)}`
  }
}

function section(title: string, text: string): string {
  return `${title}\n${text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}`
}
