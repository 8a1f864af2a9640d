import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import type { Reach } from "./sandbox/reach.js"
import type { RunningSandbox } from "./sandbox/running.js"
import type { SshIdentity } from "./ssh/access.js"
import type { RegistryLogin, Target } from "./target.js"

/** An environment's target, open for one run, and what it brings along. */
export interface Place {
  readonly target: Target
  /** For its image pulls; null: the registry needs no login. */
  readonly login: RegistryLogin | null
  /** The service's variables that the target sets itself; empty: all are in the environment's configuration. */
  readonly variables: ReadonlyMap<string, string>
  /** Puts an OCI layout into the target's own registry and returns it by its digest; null: it is published as image.name. */
  readonly publish: ((layout: Directory, name: string) => Promise<string>) | null
  /** Its own Postgres, which only the target reaches; null: the team has one, reached by its URL. */
  readonly postgres: { readonly ledgerPassword: string } | null
}

/** What a run has for logging in. */
export interface Access {
  /** SSH key or agent; null: none. */
  readonly ssh: SshIdentity | null
  readonly registry: RegistryLogin | null
}

/** What differs between the command line and `dagger call` for a target inside the engine. */
export interface TargetEntryPoint {
  /** A sandbox that another process keeps running on this machine; null: start one. Tests pass the name of their own sandbox. */
  running(sandbox?: string): Promise<RunningSandbox | null>
  /** A person can keep a sandbox running beside this command. */
  readonly keepsSandbox?: true
  /** Finds the address of one of the sandbox's ports. */
  readonly reach: Reach
}

export interface OpenRequest<Given> {
  readonly settings: Settings
  readonly environment: string
  /** The target's own settings. */
  readonly given: Given
  readonly entryPoint: TargetEntryPoint
  readonly access: Access
  /** Of tests: the name of their own sandbox. */
  readonly sandbox?: string | undefined
}

/** What is known of a target before it is opened. */
export interface TargetTraits {
  /** It runs in the engine, so a command needs one unless the target runs on its machine already. */
  readonly inEngine: boolean
  /** Tools that an engine without Docker prepares first. */
  readonly tools: readonly "kamal-proxy"[]
  /** It has a Postgres for the ledger, so --ledger may be left out. */
  readonly keepsLedger: boolean
  /** How its database is migrated where environments.NAME.migrations does not say it and the service has a tool for it. */
  readonly migrates: "database" | "commands"
}

/** One kind of target. `open` loads what it needs: a rollback over SSH must not wait for the engine's modules. */
export interface TargetKind<Given> extends TargetTraits {
  open(request: OpenRequest<Given>): Promise<Place>
}
