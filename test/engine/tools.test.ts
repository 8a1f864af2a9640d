import { connect } from "node:net"
import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { registryAddress, roomRegistry } from "../../dagger/engine/registry.js"
import { useEngine } from "./session.js"

useEngine()

describe("the tools' images", () => {
  test("k6 runs a script as its own user", async () => {
    const script =
      'import { sleep } from "k6"; export const options = { vus: 1, iterations: 2 }; export default function () { sleep(0.01) }'
    const said = await dag
      .container()
      .from("grafana/k6:1.3.0")
      .withNewFile("/script.js", script)
      .withExec(["k6", "run", "--quiet", "/script.js"])
      .stdout()
    expect(said).toMatch(/iterations\.*: 2/)
    expect(await dag.container().from("grafana/k6:1.3.0").user()).toBe("12345")
  })

  test("Trivy says its version", async () => {
    expect(await dag.container().from("aquasec/trivy:0.69.0").withExec(["trivy", "--version"]).stdout()).toContain(
      "Version: 0.69.0",
    )
  })
})

// an engine that somebody else runs has a registry and a database of its own
describe.runIf(process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST === `unix://${currentHome().socket}`)(
  "the engine's registry",
  async () => {
    const plan = await recordedPlan(currentHome())

    test("serves the vulnerability database to the engine's containers", async () => {
      const found = await dag
        .container()
        .from("aquasec/trivy:0.69.0")
        .withNewFile("/app/requirements.txt", "pyyaml==5.3\nrequests==99.0.0\n")
        .withEnvVariable("NONCE", String(Date.now()))
        .withExec(["trivy", "fs", "--scanners", "vuln", "--format", "json", "--quiet", "/app"])
        .stdout()
      expect(found).toContain("CVE-2020-14343")
    })

    test("is read-only for the engine's containers: none can replace or remove what others start from", async () => {
      if (!plan) throw new Error("no plan of the network is recorded")
      const attacker = dag.container().from("python:3.11-slim").withEnvVariable("NONCE", String(Date.now()))
      const answers = await attacker
        .withExec(["python3", "-c", ATTACK, registryAddress(plan), roomRegistry.replace(/^[^:]*/, plan.roomAddress)])
        .stdout()
      expect(JSON.parse(answers)).toEqual({
        "read the manifest": 200,
        "replace the manifest": 405,
        "delete the manifest": 405,
        "begin an upload": 405,
        "mount a blob of another repository": 405,
        "the engine's own address": "refused",
      })
    })

    test("cannot be reached from the host, where other users are", async () => {
      if (!plan) throw new Error("no plan of the network is recorded")
      const [, port] = registryAddress(plan).split(":")
      const outcome = await new Promise<string>((resolve) => {
        const socket = connect({ host: plan.roomAddress, port: Number(port) })
        socket.setTimeout(1500, () => resolve("no answer"))
        socket.on("connect", () => resolve("connected"))
        socket.on("error", (error) => resolve(error.message))
        socket.on("close", () => socket.destroy())
      })
      expect(outcome).not.toBe("connected")
    })
  },
)

const ATTACK = `
import json, sys, urllib.error, urllib.request
containers, engine = sys.argv[1:]
KIND = "application/vnd.oci.image.manifest.v1+json"
IMAGE = f"http://{containers}/v2/library/python"
def ask(method, url, body=None):
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": KIND, "Accept": KIND})
    try:
        answer = urllib.request.urlopen(request, timeout=10)
        return answer.status, answer
    except urllib.error.HTTPError as error:
        return error.code, error
    except urllib.error.URLError as error:
        return "refused" if isinstance(error.reason, ConnectionRefusedError) else str(error.reason), None
read, manifest = ask("GET", f"{IMAGE}/manifests/3.11-slim")
digest = manifest.headers["Docker-Content-Digest"]
body = manifest.read()
blob = json.loads(body)["config"]["digest"]
print(json.dumps({
    "read the manifest": read,
    "replace the manifest": ask("PUT", f"{IMAGE}/manifests/3.11-slim", body)[0],
    "delete the manifest": ask("DELETE", f"{IMAGE}/manifests/{digest}")[0],
    "begin an upload": ask("POST", f"{IMAGE}/blobs/uploads/", b"")[0],
    "mount a blob of another repository": ask("POST", f"http://{containers}/v2/mine/blobs/uploads/?mount={blob}&from=library/python", b"")[0],
    "the engine's own address": ask("GET", f"http://{engine}/v2/")[0],
}))
`
