import type { Duplex } from "node:stream"

/**
 * What a release needs of the place that it is put on: hosts with Docker today, a cluster tomorrow. Nothing here says host,
 * container or proxy: a target has places, releases run there as replicas of processes, and one of the releases has the traffic.
 *
 * Everything a target says it has read from itself at that moment, never from the ledger. Each method can be called again
 * after it, or whoever called it, was cut off at any point: what is done already is found and left as it is.
 */
export interface Target {
  /** For screens: `sandbox`, `app1.shop.example, app2.shop.example`. */
  readonly name: string

  /**
   * Whether a release can be put here: reachable, room, versions, clock. Changes nothing. All problems at once.
   *
   * @param imageBytes of the image, unpacked
   */
  check(imageBytes: number): Promise<TargetCheck>

  /** What is there now. */
  running(): Promise<Running>

  /**
   * Starts a release beside what has the traffic, without traffic of its own: fetches the image by its digest, starts the web
   * process, and prepares the workers without starting them. Returns before it is healthy.
   *
   * @throws TargetError registry-login, registry-pull, no-space, image-no-shell, start-failed, unreachable, cut
   */
  start(release: Release): Promise<Instance>

  /**
   * Waits until every web replica of the release is healthy: the image's own check and the health path, each from where the
   * traffic would come. Ends at the first replica that has ended or stays unhealthy, with what it printed last.
   */
  health(instance: Instance): Promise<Health>

  /** Asks a replica itself, whether the release has the traffic or not. */
  request(instance: Instance, request: HttpRequest): Promise<Answer>

  /** Asks as everybody does: whatever has the traffic answers. */
  requestLive(request: HttpRequest): Promise<Answer>

  /**
   * Gives the traffic to a release, started or retained, place after place or at once as configured. It must answer its health
   * path, else the traffic stays where it is; requests under way are finished within the drain time. Then all
   * other workers end, and its own start.
   *
   * @throws TargetError never-healthy, split (some places have switched: `running` says which), unreachable, cut
   */
  switch(instance: Instance): Promise<Switched>

  /** Ends a release's processes and keeps what is needed to start it again. Refused for the one that has the traffic. */
  stop(instance: Instance): Promise<void>

  /** Removes a release altogether, its values and its image too. Refused for the one that has the traffic. */
  retire(instance: Instance): Promise<void>

  /**
   * Keeps as many earlier releases as configured, the newest of them running, and removes the others and whatever a run that
   * was cut off has left behind.
   */
  prune(): Promise<Pruned>

  /** Runs one command of a release to its end, with the release's variables: migrations, seeding. At one place. */
  runJob(release: Release, job: Job): Promise<JobResult>

  /** The last lines that each replica printed. */
  logs(instance: Instance, lines: number): Promise<ReplicaLog[]>

  /** Off: requests reach the service. On: they are answered 503 with the message, and none reaches it. */
  maintenance(wanted: Maintenance): Promise<void>

  /** Everything the proxy has counted since it was started; two of these tell what happened between them. */
  traffic(): Promise<Traffic>

  /**
   * A connection from where the service runs, such as to its database: by the name that the service itself uses.
   *
   * @throws TargetError unreachable
   */
  dial(host: string, port: number): Promise<Duplex>

  close(): Promise<void>
}

/** What is to be put on a target. */
export interface Release {
  /** The ledger's: lower-case letters, digits and -, at most 40. */
  readonly id: string
  /** For people, and for what the service says of itself: a tag or a commit. */
  readonly version: string
  /** By its digest: `registry/name@sha256:…`. */
  readonly image: string
  /** Of the values, not the values: `core/environment/digest.ts`. */
  readonly configDigest: string
  /** The service's variables. A function, so that they are in memory late and never in an object that somebody prints. */
  readonly environment: () => Promise<ReadonlyMap<string, string>>
  /** null: the registry asks for none. */
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
  /** Commit that its image says it was built from; null: it does not say. */
  readonly revision: string | null
  /** Of two that follow each other, one is blue and one is green. */
  readonly colour: Colour
  /** ISO 8601, by the target's clock. */
  readonly startedAt: string
  /** When it last got the traffic; null: it never had any. */
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
  | { readonly kind: "running"; readonly check: "healthy" | "starting" | "unhealthy" | "none"; readonly restarts: number }
  /** It ends, and the target starts it again. */
  | { readonly kind: "restarting"; readonly code: number; readonly restarts: number }
  | { readonly kind: "ended"; readonly code: number; readonly outOfMemory: boolean }

export interface Running {
  readonly live: Live
  /** Had the traffic once; the one that had it last comes first. */
  readonly retained: readonly Instance[]
  /** Never had it: a release under way, or one that was given up. */
  readonly candidates: readonly Instance[]
  readonly maintenance: Maintenance
  readonly places: readonly PlaceState[]
}

export type Live =
  /** Nothing has been deployed. */
  | { readonly kind: "none" }
  | { readonly kind: "live"; readonly instance: Instance }
  /** Places differ: a switch was cut off between them. */
  | {
      readonly kind: "split"
      readonly at: readonly { readonly place: string; readonly release: string | null }[]
      /** Those that have the traffic of a place. */
      readonly instances: readonly Instance[]
    }
  /** The traffic goes to something that is no release of Tollgate's. */
  | { readonly kind: "foreign"; readonly place: string; readonly to: string }

export interface PlaceState {
  readonly place: string
  readonly proxy: ProxyState
  /** What has the traffic here; null: nothing. */
  readonly release: string | null
}

export type ProxyState =
  | { readonly kind: "absent" }
  | { readonly kind: "running"; readonly version: string }
  | { readonly kind: "down"; readonly why: string }

export type Maintenance = { readonly kind: "off" } | { readonly kind: "on"; readonly message: string }

export interface TargetCheck {
  readonly facts: readonly PlaceFacts[]
  /** None: a release can be put here. */
  readonly problems: readonly TargetProblem[]
  /** What is there, read in the same moment; null: a place did not say, and stands among the problems. */
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
  /** Seconds until the traffic of all places was the release's, requests of the earlier one under way being done. */
  readonly traffic: number
  /** Seconds after that until the workers had changed over. */
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
  | { readonly kind: "answered"; readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string; readonly milliseconds: number }
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

export interface Pruned {
  /** Ids of releases. */
  readonly stopped: readonly string[]
  readonly removed: readonly string[]
}

/** Counters: they only rise, and begin again at 0 when the proxy is started. */
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
