import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { useEngine } from "./session.js"

useEngine()

const fresh = (image: string) => dag.container().from(image).withEnvVariable("NONCE", String(Math.random()))

describe.concurrent("redis:7", () => {
  test("answers everyone on 6379, without a password", async () => {
    const service = fresh("redis:7").asService({ useEntrypoint: true })
    const client = fresh("redis:7").withServiceBinding("redis", service)
    expect(await client.withExec(["redis-cli", "-h", "redis", "ping"]).stdout()).toBe("PONG\n")
    expect(
      await client.withExec(["sh", "-c", "redis-cli -h redis info server | grep ^redis_version"]).stdout(),
    ).toMatch(/^redis_version:7\./)
  })

  test("runs as the user redis in /data", async () => {
    const service = fresh("redis:7").asService({ useEntrypoint: true })
    const client = fresh("redis:7").withServiceBinding("redis", service)
    expect(await client.withExec(["redis-cli", "-h", "redis", "config", "get", "dir"]).stdout()).toContain("/data")
    expect(
      await fresh("redis:7")
        .withExec([
          "sh",
          "-c",
          "docker-entrypoint.sh redis-server --port 0 --unixsocket /tmp/s & sleep 1; ps -o user= -C redis-server || stat -c %U /proc/$!",
        ])
        .stdout(),
    ).toContain("redis")
  })

  test("takes arguments for the server, a password among them", async () => {
    const service = fresh("redis:7").withDefaultArgs(["--requirepass", "secret"]).asService({ useEntrypoint: true })
    const client = fresh("redis:7").withServiceBinding("redis", service)
    expect(await client.withExec(["redis-cli", "-h", "redis", "ping"]).stdout()).toContain("NOAUTH")
    expect(
      await client.withExec(["redis-cli", "-h", "redis", "-a", "secret", "--no-auth-warning", "ping"]).stdout(),
    ).toBe("PONG\n")
  })

  test("has a health check", async () => {
    expect(await dag.container().from("redis:7").dockerHealthcheck().args()).toEqual(["redis-cli", "ping"])
  })
})

describe.concurrent("python:3.11-slim", () => {
  test("has python, python3, pip and venv, all of 3.11", async () => {
    const output = await fresh("python:3.11-slim")
      .withExec([
        "sh",
        "-c",
        "python --version; python3 --version; pip --version; python3 -m venv /tmp/venv && /tmp/venv/bin/python --version",
      ])
      .stdout()
    expect(output.match(/3\.11/g)?.length).toBeGreaterThanOrEqual(4)
  })

  test("installs to /usr/local", async () => {
    const output = await fresh("python:3.11-slim")
      .withExec(["sh", "-c", "pip install -q --no-cache-dir six && python -c 'import six; print(six.__file__)'"])
      .stdout()
    expect(output.trim()).toMatch(/^\/usr\/local\/lib\/python3\.11\/site-packages\//)
  })

  test("has the layout that multi-stage builds count on: --prefix=/install, copied to /usr/local", async () => {
    const installed = fresh("python:3.11-slim")
      .withExec(["pip", "install", "-q", "--no-cache-dir", "--prefix=/install", "alembic"])
      .directory("/install")
    const output = await fresh("python:3.11-slim")
      .withDirectory("/usr/local", installed)
      .withExec(["alembic", "--version"])
      .stdout()
    expect(output).toContain("alembic")
  })
})

describe.concurrent("the base images", () => {
  test("node:24-bookworm-slim has Node 24, npm and npx", async () => {
    expect(
      await fresh("node:24-bookworm-slim")
        .withExec(["sh", "-c", "node --version; npm --version; npx --version"])
        .stdout(),
    ).toMatch(/^v24\.\d+\.\d+\n\d+\.\S+\n\d+\./)
  })

  test("debian goes by its public names, gets security updates, and installs packages without documents", async () => {
    for (const name of ["debian:bookworm-slim", "debian:bookworm", "debian:12"]) {
      expect(await fresh(name).withExec(["sh", "-c", ". /etc/os-release; echo $ID $VERSION_ID"]).stdout()).toBe(
        "debian 12\n",
      )
    }
    const output = await fresh("debian:bookworm-slim")
      .withExec([
        "sh",
        "-c",
        "cat /etc/apt/sources.list; apt-get update -qq && apt-get install -y -qq --no-install-recommends bc >/dev/null && echo '6*7' | bc && ls /usr/share/man",
      ])
      .stdout()
    expect(output).toContain("bookworm-security")
    expect(output).toMatch(/^42$/m)
  })
})

test("in python:3.11-slim an authority put under /usr/local is trusted after update-ca-certificates, and no longer once it is taken away", async () => {
  const script = `set -e
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Our Own Root' -keyout /tmp/key -out '/usr/local/share/ca-certificates/our own.crt' 2>/dev/null
before=$(grep -c BEGIN /etc/ssl/certs/ca-certificates.crt)
update-ca-certificates >/dev/null
echo "added $(($(grep -c BEGIN /etc/ssl/certs/ca-certificates.crt) - before))"
openssl verify -CApath /etc/ssl/certs '/usr/local/share/ca-certificates/our own.crt'
rm '/usr/local/share/ca-certificates/our own.crt'
update-ca-certificates >/dev/null
echo "left $(($(grep -c BEGIN /etc/ssl/certs/ca-certificates.crt) - before)), $(find /etc/ssl/certs -xtype l | wc -l) broken links"
update-ca-certificates --fresh | tail -1`
  const output = await fresh("python:3.11-slim").withExec(["sh", "-c", script]).stdout()
  expect(output).toContain("added 1\n/usr/local/share/ca-certificates/our own.crt: OK\nleft 0, 0 broken links\n")
  expect(output).toContain("done.")
})
