import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type BaseImage, withPackages } from "./image.js"

const updateCertificates = join(import.meta.dirname, "update-ca-certificates.sh")

/**
 * A virtual environment at /usr/local gives Debian's Python the public image's layout: `python` and `pip` are there, what is installed
 * lands under /usr/local, and `pip install --prefix=/install` followed by a copy of /install to /usr/local works.
 */
export const python: BaseImage = {
  names: ["python:3.11-slim", "python:3.11-slim-bookworm"],
  definedIn: [import.meta.filename, updateCertificates],
  build: (base) =>
    withPackages(base, ["python3", "python3-venv", "ca-certificates", "netbase", "tzdata"])
      .withExec([
        "sh",
        "-c",
        "python3 -m venv /usr/local && python -m pip --version && find / -xdev -name __pycache__ -prune -exec rm -rf {} +",
      ])
      // the packaged authorities alone: the engine may have added others to the bundle while this runs
      .withExec([
        "sh",
        "-c",
        "sed -n 's|^[^#!]|/usr/share/ca-certificates/&|p' /etc/ca-certificates.conf | xargs cat >/usr/share/ca-certificates/.bundle",
      ])
      .withNewFile("/usr/local/sbin/update-ca-certificates", readFileSync(updateCertificates, "utf8"), {
        permissions: 0o755,
      })
      .withEnvVariable("LANG", "C.UTF-8")
      .withDefaultArgs(["python3"]),
}
