import type { Decision } from "./decision.js"
import { isCode } from "./project.js"
import { isInTests, namesIn, type RepositoryFiles, textOf } from "./repository.js"

/** Port that a started service listens on: the default of image.port. */
const PORT = "8000"

/** image.command for a service without a Dockerfile; null: nothing says how it starts. */
export function findStart(
  files: RepositoryFiles,
  app: string,
  installs: (name: RegExp) => boolean,
): Decision<readonly string[] | null> {
  const procfile = /^web:\s*(.+)$/m.exec(textOf(files, app, "Procfile") ?? "")?.[1]
  if (procfile !== undefined)
    return {
      value: ["sh", "-c", `exec ${procfile.trim().replace(/\$\{?PORT(?::-\d+)?\}?/g, PORT)}`],
      why: "the process web of Procfile",
    }
  const gunicorn = installs(/\bgunicorn\b/i)
  for (const name of namesIn(files, app).filter(isCode)) {
    const text = textOf(files, app, name)
    if (text === undefined) continue
    const asgi = /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:FastAPI|Starlette|Litestar|Quart)\(/m.exec(text)?.[1]
    if (asgi !== undefined && installs(/\b(uvicorn|fastapi\[standard\])/i))
      return {
        value: ["uvicorn", `${moduleOf(name)}:${asgi}`, "--host", "0.0.0.0", "--port", PORT],
        why: `${name} makes ${asgi}`,
      }
    const wsgi = /^(\w+)\s*=\s*(?:Flask|get_wsgi_application)\(/m.exec(text)?.[1]
    if (wsgi !== undefined && gunicorn)
      return {
        value: ["gunicorn", `${moduleOf(name)}:${wsgi}`, "--bind", `0.0.0.0:${PORT}`],
        why: `${name} makes ${wsgi}`,
      }
  }
  return { value: null, why: "" }
}

/** What Python imports the file as: a package in src/ is installed without it, unless src is a package itself. */
function moduleOf(name: string): string {
  return name
    .replace(/^src\/(?=[^/]+\/)/, "")
    .replace(/(\/__init__)?\.py$/, "")
    .replaceAll("/", ".")
}

/** Path by which the service says that it is healthy; null: none was found. */
export function findHealth(files: RepositoryFiles, app: string): string | null {
  const paths = namesIn(files, app).flatMap((name) =>
    isCode(name) && !isInTests(name)
      ? [...(textOf(files, app, name) ?? "").matchAll(HEALTH)].map(([, path = ""]) => path)
      : [],
  )
  return paths.includes("/health") ? "/health" : (paths[0] ?? null)
}

const HEALTH = /["'](\/(?:[\w-]+\/)*(?:health|healthz|health-?check|livez?|readyz?|ping))\/?["']/g
