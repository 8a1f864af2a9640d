import { writeFileSync } from "node:fs"
import { evidenceSchema } from "../../src/report/evidence-file.js"

writeFileSync(new URL("../../docs/schemas/evidence.schema.json", import.meta.url), evidenceSchema())
