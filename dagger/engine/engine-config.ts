import { roomRegistry } from "./registry.js"

/** What can be made again: every kind of the engine's records but exec.cachemount, the volumes. */
const REPLACEABLE = ["regular", "internal", "frontend", "source.local", "source.git.checkout"]

/**
 * Settings of the engine without Docker, in the form of its engine.json
 * (https://docs.dagger.io/reference/configuration/engine).
 *
 * By itself the engine removes volumes that nobody used for 48 hours, and any as soon as a fifth of the disk is not free
 * (engine/server/gc.go of v0.21.8). Backups and the sandbox's releases are in volumes: they are no cache, and stay.
 */
export const engineConfig = {
  logLevel: "info",
  // public names come from the registry in the room, where the base images are
  registries: { "docker.io": { mirrors: [roomRegistry] }, [roomRegistry]: { http: true } },
  gc: {
    policies: [
      {
        filters: [REPLACEABLE.map((type) => `type==${type}`).join(",")],
        reservedSpace: "10GB",
        maxUsedSpace: "75%",
        minFreeSpace: "10%",
      },
    ],
  },
}
