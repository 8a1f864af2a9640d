import { createHash } from "node:crypto"
import { homedir } from "node:os"
import { join } from "node:path"

/** Everything that Tollgate keeps on a machine lives under one folder. Two folders are two engines that never meet. */
export interface Home {
  root: string
  log: string
  /** what was built, each under the hash of what it was built from */
  parts: string
  /** what the running engine was put together from */
  room: string
  /** the engine's cache: layers, volumes, results */
  cache: string
  registry: string
  tmp: string
  record: string
  network: string
  images: string
  socketFolder: string
  socket: string
  /** short and stable: names devices, firewall rules and the lock */
  id: string
}

// Linux allows 108 bytes for a socket's path, the last one being zero
const longestSocketPath = 107

export function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env.TOLLGATE_HOME) return env.TOLLGATE_HOME
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tollgate")
}

export function layout(root: string): Home {
  const id = createHash("sha256").update(root).digest("hex").slice(0, 8)
  const room = join(root, "room")
  const usual = join(room, "run")
  const plain = /^[\w./+@-]+$/.test(root)
  const socketFolder =
    plain && Buffer.byteLength(join(usual, "engine.sock")) <= longestSocketPath ? usual : `/run/tollgate-${id}`
  return {
    root,
    log: join(root, "log"),
    parts: join(root, "parts"),
    room,
    cache: join(root, "cache"),
    registry: join(root, "registry"),
    tmp: join(root, "tmp"),
    record: join(root, "engine.json"),
    network: join(root, "network.json"),
    images: join(root, "images.json"),
    socketFolder,
    socket: join(socketFolder, "engine.sock"),
    id,
  }
}
