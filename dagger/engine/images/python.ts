import { type BaseImage, withPackages } from "./image.js"

/**
 * A virtual environment at /usr/local gives Debian's Python the public image's layout: `python` and `pip` are there, what is installed
 * lands under /usr/local, and `pip install --prefix=/install` followed by a copy of /install to /usr/local works.
 */
export const python: BaseImage = {
  names: ["python:3.11-slim", "python:3.11-slim-bookworm"],
  definedIn: [import.meta.filename],
  build: (base) =>
    withPackages(base, ["python3", "python3-venv", "netbase", "tzdata"])
      .withExec(["sh", "-c", "python3 -m venv /usr/local && python -m pip --version && find / -xdev -name __pycache__ -prune -exec rm -rf {} +"])
      .withEnvVariable("LANG", "C.UTF-8")
      .withDefaultArgs(["python3"]),
}
