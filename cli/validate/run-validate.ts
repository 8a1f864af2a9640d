import type { z } from "zod"
import { validateListedFiles } from "../../core/qa/validate.js"
import { appFolder } from "../../core/source.js"
import { withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import type { validateOptions } from "../options/gates.js"

/** Checks tollgate.yaml on this machine, and its files in the engine, which decides what belongs to the source. */
export async function runValidate(options: z.output<typeof validateOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const source = findSource(options.source, process.cwd())
  const said = await withEngine({}, async () =>
    validateListedFiles(settings, await appFolder(hostSource(source), settings)),
  )
  process.stdout.write(said)
}
