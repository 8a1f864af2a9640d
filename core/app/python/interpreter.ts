import { type Container, ReturnType } from "@dagger.io/dagger"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"

const facts = z.object({ executable: z.string(), version: z.tuple([z.number(), z.number()]), pip: z.boolean() })

/** The Python that the app runs in. */
export type Interpreter = z.infer<typeof facts>

const ASK = [
  "import importlib.util, json, sys",
  'print(json.dumps({"executable": sys.executable, "version": sys.version_info[:2], "pip": importlib.util.find_spec("pip") is not None}))',
].join("; ")

/** @param image as app.image names it */
export async function interpreterOf(container: Container, program: string, image: string): Promise<Interpreter> {
  const asked = container.withExec(["sh", "-c", `exec ${program} -c '${ASK}'`], { expect: ReturnType.Any })
  if ((await asked.exitCode()) === 0) return facts.parse(JSON.parse(await asked.stdout()))
  throw new TollgateError(
    "python-missing",
    `${image} (app.image) has no \`${program}\` that runs: ${(await asked.stderr()).trim().split("\n").at(-1) ?? ""}`,
    "Set app.image of tollgate.yaml to an image with Python, qa.interpreter to its Python, or add a Python to app.packages.",
  )
}
