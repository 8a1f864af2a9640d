import { type Container, dag, type File, type Service } from "@dagger.io/dagger"

export const USER = "acme-bot"

/** Debian's registry with a login, as teams run one. */
export interface Registry {
  service: Service
  /** The authority that its certificate is from; none where it speaks plain HTTP. */
  authority: File | undefined
  /** skopeo beside it, logged in. */
  ask(script: string): Promise<string>
}

export interface RegistryOptions {
  host: string
  password: string
  tls: boolean
  /** Path of requests, as a regular expression, that something between client and registry answers with 500. */
  broken?: string
}

const quiet = () => dag.container().from("debian:bookworm-slim").withEnvVariable("DEBIAN_FRONTEND", "noninteractive")

function withPackages(container: Container, ...packages: string[]): Container {
  return container.withExec([
    "sh",
    "-c",
    `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null`,
  ])
}

export function registry({ host, password, tls, broken }: RegistryOptions): Registry {
  const prepared = withPackages(quiet(), "docker-registry", "apache2-utils", "openssl")
    .withMountedSecret("/run/password", dag.setSecret(`registry-of-${host}`, password))
    .withNewFile("/openssl.cnf", "[req]\ndistinguished_name = dn\n[dn]\n")
    .withExec([
      "sh",
      "-ec",
      [
        `htpasswd -iBn ${USER} </run/password >/htpasswd`,
        `openssl req -config /openssl.cnf -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=${host} -addext subjectAltName=DNS:${host} -keyout /key.pem -out /ca.pem`,
      ].join("\n"),
    ])
  const configuration = {
    version: "0.1",
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: "/data" } },
    http: { addr: "0.0.0.0:5000", ...(tls ? { tls: { certificate: "/ca.pem", key: "/key.pem" } } : {}) },
    auth: { htpasswd: { realm: host, path: "/htpasswd" } },
  }
  const server = prepared
    .withNewFile("/registry.yml", JSON.stringify(configuration))
    .withEnvVariable("INSTANCE", `${host} ${Date.now()} ${Math.random()}`)
    .withExposedPort(5000)
    .asService({ args: ["docker-registry", "serve", "/registry.yml"] })
  const service = broken === undefined ? server : breaking(server, broken)
  const client = withPackages(quiet(), "skopeo", "ca-certificates")
    .withMountedSecret("/run/password", dag.setSecret(`registry-of-${host}`, password))
    .withServiceBinding(host, server)
  return {
    service,
    authority: tls ? prepared.file("/ca.pem") : undefined,
    ask: (script) =>
      client
        .withEnvVariable("NONCE", String(Math.random()))
        .withExec([
          "sh",
          "-c",
          `skopeo login --authfile /tmp/login.json --tls-verify=false --username ${USER} --password-stdin ${host}:5000 </run/password >/dev/null; export REGISTRY_AUTH_FILE=/tmp/login.json; ${script}`,
        ])
        .stdout(),
  }
}

/** A proxy that lets everything through but what matches. */
function breaking(server: Service, broken: string): Service {
  const script = `
import http.client, re, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def relay(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) if self.headers.get("Transfer-Encoding") != "chunked" else self.chunks()
        if re.search(sys.argv[1], f"{self.command} {self.path}"):
            self.send_response(500)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        upstream = http.client.HTTPConnection("upstream", 5000)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("transfer-encoding", "content-length"):
                upstream.putheader(name, value)
        upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body)
        answer = upstream.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length") or "0" if self.command == "HEAD" else str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
    def chunks(self):
        data = b""
        while size := int(self.rfile.readline(), 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = relay

ThreadingHTTPServer(("", 5000), Handler).serve_forever()
`
  return dag
    .container()
    .from("python:3.11-slim")
    .withServiceBinding("upstream", server)
    .withNewFile("/proxy.py", script)
    .withExposedPort(5000)
    .asService({ args: ["python", "/proxy.py", broken] })
}
