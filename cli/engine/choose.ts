import type { ContainerClient } from "../../dagger/engine/container/commands.js"

/** Pure: chooses the engine from facts about the machine. */
export interface Facts {
  /** _EXPERIMENTAL_DAGGER_RUNNER_HOST, when it names an engine other than our own */
  givenRunner: string | undefined
  /** a running Docker-compatible engine */
  containerEngine: ContainerClient | undefined
  /** installed Docker-compatible clients, with or without a running engine */
  containerClients: readonly ContainerClient[]
  platform: string
  arch: string
  root: boolean
  go: string | undefined
  goNeeded: string
  goIsEnough: boolean
  /** missing programs that cannot be installed here */
  missingTools: readonly string[]
}

export type Choice =
  | { kind: "given"; runner: string }
  | { kind: "docker"; engine: ContainerClient }
  | { kind: "local" }
  | { kind: "none"; missing: { way: string; lacks: string[] }[] }

export function chooseEngine(facts: Facts): Choice {
  if (facts.givenRunner !== undefined) return { kind: "given", runner: facts.givenRunner }
  if (facts.containerEngine !== undefined) return { kind: "docker", engine: facts.containerEngine }
  const localLacks = lacksForLocal(facts)
  if (localLacks.length === 0) return { kind: "local" }
  return {
    kind: "none",
    missing: [
      { way: "With Docker", lacks: [lacksForDocker(facts)] },
      { way: "Without Docker, on Linux", lacks: localLacks },
      {
        way: "With an engine elsewhere",
        lacks: ["set _EXPERIMENTAL_DAGGER_RUNNER_HOST to its address, for example tcp://build-host:8080"],
      },
    ],
  }
}

function lacksForDocker({ containerClients }: Facts): string {
  return containerClients.length > 0
    ? `a running container engine: ${containerClients.join(", ")} is installed, but \`${containerClients[0]} info\` gets no answer from an engine; start it`
    : "a container engine: Docker (https://docs.docker.com/engine/install/), Podman or nerdctl"
}

function lacksForLocal(facts: Facts): string[] {
  if (facts.platform !== "linux") return [`Linux: this is ${facts.platform === "darwin" ? "macOS" : facts.platform}`]
  const lacks: string[] = []
  if (facts.arch !== "x64") lacks.push(`an x86-64 processor: this is ${facts.arch}`)
  if (!facts.root) lacks.push("root: run the command with sudo")
  if (facts.go === undefined) lacks.push(`Go ${facts.goNeeded} or newer: https://go.dev/dl`)
  else if (!facts.goIsEnough) {
    lacks.push(
      `Go ${facts.goNeeded} or newer: ${facts.go} is installed, and may not be able to download a newer toolchain by itself; https://go.dev/dl`,
    )
  }
  if (facts.missingTools.length > 0)
    lacks.push(`these programs, from your distribution's packages: ${facts.missingTools.join(", ")}`)
  return lacks
}

export function explainNone(choice: Extract<Choice, { kind: "none" }>): string {
  return choice.missing.map(({ way, lacks }) => `${way}:\n${lacks.map((lack) => `  - ${lack}`).join("\n")}`).join("\n")
}
