import type { Duplex } from "node:stream"
import type { Fence, RunIdentity } from "./fence.js"
import type { HeadStore } from "./heads.js"

/**
 * Where releases run. Nothing here names a host, container or proxy: a target has places, releases run there as replicas of processes,
 * and one release has the traffic.
 *
 * A run claims the target before its first change. From then on each place refuses the changes of runs that claimed it earlier, with
 * `fenced`, whatever those runs believe: they may have been stopped, or cut off from the ledger.
 *
 * A target reports what it reads at that moment, never the ledger's view. Each method is idempotent: after an interruption it can be
 * called again, and finds what is done already.
 */
export interface Target {
  /** For screens: `sandbox`, `app1.shop.example, app2.shop.example`. */
  readonly name: string

  /** Left out: it can keep nothing of the ledger. */
  readonly heads?: HeadStore

  /**
   * Checks that a release can run here: connection, disk space, versions, clock. Changes nothing. Reports all problems at once.
   *
   * @param imageBytes of the image, unpacked
   */
  check(imageBytes: number): Promise<TargetCheck>

  /** Reads the releases that are there now. */
  running(): Promise<Running>

  /**
   * Claims all places for a run, then reads what is there: the changes of every run before it are refused from now on.
   *
   * @param lease token that the ledger granted; null: a token above all that the places have seen, for a rollback without a ledger
   */
  claim(run: RunIdentity, lease: number | null): Promise<Claim>

  /**
   * Starts a release beside the live one, without traffic: pulls the image by its digest, starts the web process, and creates the
   * workers without starting them. Returns before it is healthy.
   *
   * @throws TargetError registry-login, registry-pull, no-space, image-no-shell, start-failed, unreachable, cut
   */
  start(release: Release): Promise<Instance>

  /**
   * Waits until every web replica is healthy, by the image's HEALTHCHECK and the health path. Ends at the first replica that exits or
   * stays unhealthy, with its last log lines.
   */
  health(instance: Instance): Promise<Health>

  /** Sends a request to a replica directly. */
  request(instance: Instance, request: HttpRequest): Promise<Answer>

  /** Sends a request through the proxy, as clients do. */
  requestLive(request: HttpRequest): Promise<Answer>

  /**
   * Switches the traffic to a started or retained release, place by place or at once as configured. It must answer its health path,
   * else the traffic stays where it is. Requests in progress finish within the drain time. Then the other workers stop and its own start.
   *
   * @param instead only where one of these releases has the traffic, or none; null: whichever has it
   * @throws TargetError never-healthy, split (some places have switched: `running` says which), fenced, moved, unreachable, cut
   */
  switch(instance: Instance, instead?: readonly string[] | null): Promise<Switched>

  /** Stops a release but keeps it for a rollback. Refused for the live one. */
  stop(instance: Instance): Promise<void>

  /** Removes a release with its variables and image. Refused for the live one. */
  retire(instance: Instance): Promise<void>

  /**
   * Keeps as many earlier releases as configured, the newest of them running. Removes the others and the leftovers of interrupted runs.
   */
  prune(): Promise<Pruned>

  /** Runs one command of a release at one place, with the release's variables: migrations, seeding. */
  runJob(release: Release, job: Job): Promise<JobResult>

  /** The last log lines of each replica. */
  logs(instance: Instance, lines: number): Promise<ReplicaLog[]>

  /** The log lines of each replica with their times. */
  output(instance: Instance, asked: OutputRequest): Promise<ReplicaOutput[]>

  /**
   * The newest lines of each replica since a moment, a bounded number of them, to be asked again and again beside everything else. A
   * replica whose log cannot be read says so, and is no failure of the others.
   *
   * @param since of each replica, as in `OutputRequest`
   */
  news(instance: Instance, since: (replica: Replica) => string | null): Promise<ReplicaNews[]>

  /** The variables that a release runs with, to redact their values; empty where they are gone. */
  variables(instance: Instance): Promise<ReadonlyMap<string, string>>

  /**
   * On: every request is answered 503 with the message, and none reaches the service. It needs no claim: it is refused where a run
   * claimed the target in this moment.
   */
  maintenance(wanted: Maintenance): Promise<void>

  /** The proxy's counters since its start. */
  traffic(): Promise<Traffic>

  /**
   * Opens a connection from where the service runs, such as to its database, by the name that the service uses.
   *
   * @throws TargetError unreachable
   */
  dial(host: string, port: number): Promise<Duplex>

  close(): Promise<void>
}

/** A release to start. */
export interface Release {
  /** The ledger's: lower-case letters, digits and -, at most 40. */
  readonly id: string
  /** The version that the service reports: a tag or a commit. */
  readonly version: string
  /** By its digest: `registry/name@sha256:…`. */
  readonly image: string
  /** Digest of names and values: `core/environment/digest.ts`. */
  readonly configDigest: string
  /** The service's variables: a function, so that they are read late and never printed with the object. */
  readonly environment: () => Promise<ReadonlyMap<string, string>>
  /** null: the registry needs no login. */
  readonly login: RegistryLogin | null
}

export interface RegistryLogin {
  readonly user: string
  readonly password: () => Promise<string>
}

/** A release as it is on the target. */
export interface Instance {
  readonly release: string
  readonly version: string
  readonly image: string
  readonly digest: string
  readonly configDigest: string
  /** Commit from the image's label; null: no label. */
  readonly revision: string | null
  /** Alternates from release to release. */
  readonly colour: Colour
  /** ISO 8601, by the target's clock. */
  readonly startedAt: string
  /** When it last got the traffic; null: never. */
  readonly switchedAt: string | null
  readonly replicas: readonly Replica[]
}

export type Colour = "blue" | "green"

export interface Replica {
  readonly place: string
  /** `web`, or the name of a worker. */
  readonly process: string
  /** Name on the target: a container's. */
  readonly name: string
  readonly state: ReplicaState
}

export type ReplicaState =
  | { readonly kind: "prepared" }
  | {
      readonly kind: "running"
      readonly check: "healthy" | "starting" | "unhealthy" | "none"
      readonly restarts: number
    }
  /** Exits, and is restarted by the target. */
  | { readonly kind: "restarting"; readonly code: number; readonly restarts: number }
  | { readonly kind: "ended"; readonly code: number; readonly outOfMemory: boolean }

export interface Running {
  readonly live: Live
  /** Had the traffic before; the latest first. */
  readonly retained: readonly Instance[]
  /** Never had the traffic: a release in progress, or one that failed. */
  readonly candidates: readonly Instance[]
  readonly maintenance: Maintenance
  readonly places: readonly PlaceState[]
  /** The run that claimed the target last; null: none has. */
  readonly claimed: Fence | null
}

export type Claim =
  | { readonly kind: "held"; readonly fence: Fence; readonly running: Running }
  /** A place has seen this token of another run, or a higher one. */
  | { readonly kind: "refused"; readonly place: string; readonly seen: Fence }

export type Live =
  /** Nothing has been deployed. */
  | { readonly kind: "none" }
  | { readonly kind: "live"; readonly instance: Instance }
  /** Places differ: a switch was interrupted. */
  | {
      readonly kind: "split"
      readonly at: readonly { readonly place: string; readonly release: string | null }[]
      /** Those that have the traffic of a place. */
      readonly instances: readonly Instance[]
    }
  /** The traffic goes to something that is not a release of Tollgate. */
  | { readonly kind: "foreign"; readonly place: string; readonly to: string }

export interface PlaceState {
  readonly place: string
  readonly proxy: ProxyState
  /** The release that has the traffic here; null: none. */
  readonly release: string | null
}

export type ProxyState =
  | { readonly kind: "absent" }
  | { readonly kind: "running"; readonly version: string }
  | { readonly kind: "down"; readonly why: string }

export type Maintenance =
  /** `ended`: when it was last turned off, by the target's clock; left out: never, or not known. */
  { readonly kind: "off"; readonly ended?: string } | { readonly kind: "on"; readonly message: string }

export interface TargetCheck {
  readonly facts: readonly PlaceFacts[]
  /** Empty: a release can run here. */
  readonly problems: readonly TargetProblem[]
  /** Read in the same moment; null: a place failed, and is among the problems. */
  readonly running: Running | null
}

export interface PlaceFacts {
  readonly place: string
  /** Such as `Docker 20.10.24`. */
  readonly runtime: string
  readonly proxy: ProxyState
  /** Bytes where images are kept. */
  readonly freeBytes: number
  /** Seconds that its clock is ahead of ours; negative: behind. */
  readonly clockSkew: number
}

export interface TargetProblem {
  readonly place: string
  readonly code: string
  readonly what: string
  readonly next: string
}

export interface Switched {
  /** Seconds until the release had the traffic of all places, with earlier requests drained. */
  readonly traffic: number
  /** Seconds after that until the workers were replaced. */
  readonly workers: number
}

export type Health =
  | { readonly kind: "healthy"; readonly after: number }
  | { readonly kind: "unhealthy"; readonly replica: Replica; readonly why: string; readonly printed: readonly string[] }

export interface HttpRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Longest time for the whole answer. Default: 10. */
  readonly seconds?: number
  /** One of the instance's places. Default: the first. */
  readonly place?: string
}

export type Answer =
  | {
      readonly kind: "answered"
      readonly status: number
      readonly headers: ReadonlyMap<string, string>
      readonly body: string
      readonly milliseconds: number
    }
  /** No answer: refused, reset, too late. */
  | { readonly kind: "silent"; readonly why: string; readonly milliseconds: number }

export interface Job {
  /** For screens and for the name on the target: lower-case letters, digits and -. */
  readonly name: string
  /** A line for the image's shell, such as `alembic upgrade head`. */
  readonly command: string
  readonly seconds: number
}

export type JobResult =
  | { readonly kind: "done"; readonly printed: readonly string[]; readonly seconds: number }
  | { readonly kind: "failed"; readonly code: number; readonly printed: readonly string[]; readonly seconds: number }
  | { readonly kind: "too-long"; readonly printed: readonly string[]; readonly seconds: number }

export interface ReplicaLog {
  readonly replica: Replica
  readonly lines: readonly string[]
}

export interface OutputRequest {
  /** The latest lines of each replica. */
  readonly lines: number | "all"
  /** A duration before now (10m), or a moment in ISO 8601; null: no limit. */
  readonly since: string | null
}

export interface ReplicaOutput {
  readonly replica: Replica
  readonly lines: readonly LogLine[]
}

export interface ReplicaNews {
  readonly replica: Replica
  /** In the order of time. */
  readonly lines: readonly StreamLine[]
  /** Earlier lines since that moment that were left out. */
  readonly left: number
  /** Why the log could not be read; null: it was. */
  readonly problem: string | null
}

export interface StreamLine extends LogLine {
  readonly stream: "out" | "err"
}

/** A line with the time at which the target received it. */
export interface LogLine {
  /** ISO 8601 in UTC, to the nanosecond: sorts as text. */
  readonly at: string
  readonly text: string
}

export interface Pruned {
  /** Ids of releases. */
  readonly stopped: readonly string[]
  readonly removed: readonly string[]
}

/** Counters that restart at 0 with the proxy. */
export interface Traffic {
  /** ISO 8601. */
  readonly at: string
  readonly requests: readonly RequestCount[]
  /** Upper bounds in seconds, rising, and how many requests took at most so long; the last bound is infinite. */
  readonly durations: readonly { readonly upTo: number; readonly count: number }[]
}

export interface RequestCount {
  readonly method: string
  readonly status: number
  readonly count: number
}
