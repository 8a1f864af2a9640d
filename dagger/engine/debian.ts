import { copyFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./command.js"
import { contentKey } from "./content-key.js"
import type { Home } from "./home.js"
import { buildPart, type Part, partFolder } from "./part.js"
import { engineFolder } from "./version.js"

const suite = "bookworm"
const finishScript = join(engineFolder, "debian", "finish.sh")
const roomPackages = [
  "runc",
  "containernetworking-plugins",
  "tini",
  "dnsmasq-base",
  "iptables",
  "iproute2",
  "docker-registry",
  // modules and contexts named by a git address
  "git",
  "openssh-client",
  "ca-certificates",
]

function mirror(): string {
  return process.env.TOLLGATE_DEBIAN_MIRROR ?? "http://deb.debian.org/debian"
}

/** A minimal Debian: the base of every image, and of the room. */
export function debianPart(): Part {
  return { name: "debian", key: contentKey([suite, mirror()], [finishScript, import.meta.filename]) }
}

/** The root file system in which the engine itself runs. */
export function roomPart(): Part {
  return { name: "room", key: contentKey([debianPart().key, ...roomPackages]) }
}

export async function buildDebian(home: Home): Promise<void> {
  const log = join(home.log, "debian.log")
  await buildPart(home, debianPart(), async (folder) => {
    await run(["debootstrap", "--variant=minbase", suite, folder, mirror()], { log, contained: true })
    await copyFile(finishScript, join(folder, "finish.sh"))
    await copyFile("/etc/resolv.conf", join(folder, "etc/resolv.conf"))
    await run(["chroot", folder, "sh", "/finish.sh", suite, mirror()], { log, contained: true, env: chrootEnvironment })
    for (const left of ["finish.sh", "etc/resolv.conf", "etc/hostname"]) await rm(join(folder, left), { force: true })
  })
}

export async function buildRoom(home: Home): Promise<void> {
  const log = join(home.log, "room.log")
  await buildPart(home, roomPart(), async (folder) => {
    await run(["cp", "-a", `${partFolder(home, debianPart())}/.`, folder], { log })
    await copyFile("/etc/resolv.conf", join(folder, "etc/resolv.conf"))
    const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${roomPackages.join(" ")} && apt-get clean && rm -rf /var/lib/apt/lists/*`
    await run(["chroot", folder, "sh", "-c", install], { log, contained: true, env: chrootEnvironment })
  })
}

const chrootEnvironment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  DEBIAN_FRONTEND: "noninteractive",
  LC_ALL: "C.UTF-8",
}
