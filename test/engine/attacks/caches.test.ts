import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { proveImage } from "../../../core/image/prove.js"
import { noStamp } from "../../../core/image/stamp.js"
import { runId } from "../../../core/qa/run-id.js"
import { proven, repository } from "../installing.js"
import { useEngine } from "../session.js"

useEngine()

/** A source distribution with its hash: pip builds its wheel, and checks no hash of a wheel that it built before. */
const REQUIREMENTS = `--use-feature=no-binary-enable-wheel-cache
--no-binary=tomli
tomli==2.0.1 --hash=sha256:de526c12914f0c550d15924c62d72abc48d6fe7364aa87328337a31007fe8a4f
# ${runId(new Date())}
`

/** Adds a module to every wheel in whatever can be written: caches by their usual places, by variables, and all that is mounted. */
const POISON = `
import os, pathlib, zipfile
def poison():
    mounted = [line.split()[1] for line in open("/proc/self/mounts")]
    named = [value for name, value in os.environ.items() if "CACHE" in name]
    apart = ("/proc", "/sys", "/dev", "/app")
    places = [one for one in mounted + named + ["/root", "/home", "/var/cache", "/tmp"] if one.startswith("/") and one != "/" and not one.startswith(apart)]
    found = {wheel for place in places for wheel in pathlib.Path(place).rglob("*.whl") if pathlib.Path(place).is_dir()}
    for wheel in found:
        with zipfile.ZipFile(wheel, "a") as archive:
            archive.writestr("poisoned.py", "")
    return len(found)
`

test("a wheel that set-up commands or tests leave in a cache does not get into the image, not even beside a hash", async () => {
  const inSetUp = Buffer.from(`${POISON}\nassert poison() > 0, "there is nothing to poison"`).toString("base64")
  const source = repository(
    "",
    {
      app: `setup: ["python3 -c 'import base64; exec(base64.b64decode(\\"${inSetUp}\\"))'"]`,
      asks: `exec(${JSON.stringify(POISON)}, globals())\nassert globals()["poison"]() == 0, "code under test has a cache"\nassert installed("tomli") == "2.0.1"`,
    },
    {
      "requirements.txt": REQUIREMENTS,
      "shop/__init__.py": "",
      "shop/serve.py":
        "import http.server\nclass Health(http.server.BaseHTTPRequestHandler):\n    def do_GET(self):\n        self.send_response(200)\n        self.end_headers()\nhttp.server.HTTPServer(('', 8000), Health).serve_forever()\n",
    },
  )
  // its pytest comes from Tollgate: a requirements file with one hash must have all
  const text = (await source.file("tollgate.yaml").contents()).replace("  runner: tests/run.py\n  arguments: []\n", "")
  const service = source.withNewFile(
    "tollgate.yaml",
    `${text}image:\n  command: [python, -m, shop.serve]\n  health: /\n  port: 8000\n  services: { postgres: false, redis: false }\n`,
  )
  const [suite] = (await proven(service)).suites
  expect(suite?.verdict).toEqual({ kind: "passed" })

  const { image } = await proveImage(service, { stamp: noStamp, fresh: false, twice: false, secrets: undefined })
  const listed = await image.withExec(["sh", "-c", "cd /opt/venv/lib/python3*/site-packages && ls"]).stdout()
  expect(listed).toContain("tomli")
  expect(listed).not.toContain("poisoned")
  // the attack was one: what set-up commands use next is poisoned
  const own = await dag
    .container()
    .from("python:3.11-slim")
    .withMountedCache("/cache", dag.cacheVolume("tollgate-pip-test"))
    .withEnvVariable("RUN", runId(new Date()))
    .withExec([
      "sh",
      "-c",
      "for wheel in $(find /cache -name 'tomli-*.whl'); do python3 -m zipfile -l $wheel; rm $wheel; done",
    ])
    .stdout()
  expect(own).toContain("poisoned.py")
})
