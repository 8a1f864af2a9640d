import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type BaseImage, impatientHealthcheck, withPackages } from "./image.js"

const entrypoint = join(import.meta.dirname, "postgres-entrypoint.sh")
const binaries = "/usr/lib/postgresql/15/bin"

// the package would make a cluster of its own, under another user id and in English only by accident of the builder's locale
const beforePackages = `
groupadd -r -g 999 postgres
useradd -r -g postgres -u 999 -d /var/lib/postgresql -s /bin/bash postgres
install -d -o postgres -g postgres -m 1777 /var/lib/postgresql
mkdir -p /etc/postgresql-common
echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
`

const afterPackages = `
localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8 || localedef -i en_US -c -f UTF-8 en_US.UTF-8
sed -i "s/^#\\?listen_addresses *=.*/listen_addresses = '*'/" /usr/share/postgresql/15/postgresql.conf.sample
grep -q "^listen_addresses = '\\*'" /usr/share/postgresql/15/postgresql.conf.sample
mkdir -p /docker-entrypoint-initdb.d
install -d -o postgres -g postgres -m 3777 /var/run/postgresql
install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data
`

export const postgres: BaseImage = {
  names: ["postgres:15", "postgres:15-bookworm"],
  definedIn: [import.meta.filename, entrypoint],
  build: (base) =>
    withPackages(base.withExec(["sh", "-ec", beforePackages]), ["postgresql-15", "locales", "xz-utils", "zstd"])
      .withExec(["sh", "-ec", afterPackages])
      .withNewFile("/usr/local/bin/docker-entrypoint.sh", readFileSync(entrypoint, "utf8"), { permissions: 0o755 })
      .withEnvVariable("LANG", "en_US.utf8")
      .withEnvVariable("PG_MAJOR", "15")
      .withEnvVariable("PGDATA", "/var/lib/postgresql/data")
      .withEnvVariable("PATH", `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${binaries}`)
      .withExposedPort(5432)
      .withEntrypoint(["docker-entrypoint.sh"])
      .withDefaultArgs(["postgres"])
      .withDockerHealthcheck(["pg_isready", "--quiet", "--host", "127.0.0.1"], impatientHealthcheck),
}
