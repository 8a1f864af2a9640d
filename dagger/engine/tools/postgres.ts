import { readFileSync } from "node:fs"
import { copyFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../command.js"
import { contentKey } from "../content-key.js"
import type { Home } from "../home.js"
import { impatientHealthcheck, withPackages } from "../images/image.js"
import { buildPart, type Part } from "../part.js"
import { engineFolder } from "../version.js"
import type { Tool, ToolName } from "./tool.js"

const entrypoint = join(engineFolder, "images", "postgres-entrypoint.sh")
const finishScript = join(engineFolder, "debian", "finish.sh")
const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  DEBIAN_FRONTEND: "noninteractive",
  LC_ALL: "C.UTF-8",
}

function mirror(): string {
  return process.env.TOLLGATE_DEBIAN_MIRROR ?? "http://deb.debian.org/debian"
}

/** A major version of Postgres that the engine's own Debian has not: from the release of Debian that has it. */
export function postgresTool(name: ToolName, major: number, release: string): Tool {
  const part: Part = { name: `base-${release}`, key: contentKey([release, mirror()], [finishScript]) }
  const binaries = `/usr/lib/postgresql/${major}/bin`
  return {
    name,
    what: `Debian ${release}, for Postgres ${major} (about a minute the first time)`,
    part,
    build: (home) => buildRelease(home, part, release),
    image: {
      names: [`postgres:${major}`, `postgres:${major}-${release}`],
      definedIn: [import.meta.filename, entrypoint],
      parts: [part],
      build: (debian, folder) =>
        withPackages(debian.withRootfs(folder(part)).withExec(["sh", "-ec", beforePackages]), [
          `postgresql-${major}`,
          "locales",
          "xz-utils",
          "zstd",
        ])
          .withExec(["sh", "-ec", afterPackages(major)])
          .withNewFile("/usr/local/bin/docker-entrypoint.sh", readFileSync(entrypoint, "utf8"), { permissions: 0o755 })
          .withEnvVariable("LANG", "en_US.utf8")
          .withEnvVariable("PG_MAJOR", String(major))
          .withEnvVariable("PGDATA", "/var/lib/postgresql/data")
          .withEnvVariable("PATH", `${environment.PATH}:${binaries}`)
          .withExposedPort(5432)
          .withEntrypoint(["docker-entrypoint.sh"])
          .withDefaultArgs(["postgres"])
          .withDockerHealthcheck(["pg_isready", "--quiet", "--host", "127.0.0.1"], impatientHealthcheck),
    },
  }
}

async function buildRelease(home: Home, part: Part, release: string): Promise<string> {
  const log = join(home.log, `${part.name}.log`)
  return await buildPart(home, part, async (folder) => {
    await run(["debootstrap", "--variant=minbase", release, folder, mirror()], { log, contained: true })
    await copyFile(finishScript, join(folder, "finish.sh"))
    await copyFile("/etc/resolv.conf", join(folder, "etc/resolv.conf"))
    await run(["chroot", folder, "sh", "/finish.sh", release, mirror()], { log, contained: true, env: environment })
    for (const left of ["finish.sh", "etc/resolv.conf", "etc/hostname"]) await rm(join(folder, left), { force: true })
  })
}

// as in images/postgres.ts, which is of the engine's own Debian
const beforePackages = `
groupadd -r -g 999 postgres
useradd -r -g postgres -u 999 -d /var/lib/postgresql -s /bin/bash postgres
install -d -o postgres -g postgres -m 1777 /var/lib/postgresql
mkdir -p /etc/postgresql-common
echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
`

const afterPackages = (major: number): string => `
localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8 || localedef -i en_US -c -f UTF-8 en_US.UTF-8
sed -i "s/^#\\?listen_addresses *=.*/listen_addresses = '*'/" /usr/share/postgresql/${major}/postgresql.conf.sample
grep -q "^listen_addresses = '\\*'" /usr/share/postgresql/${major}/postgresql.conf.sample
mkdir -p /docker-entrypoint-initdb.d
install -d -o postgres -g postgres -m 3777 /var/run/postgresql
install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data
`
