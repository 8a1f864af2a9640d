import { writeFileSync } from "node:fs"
import { evidenceSchema } from "../../core/report/evidence-file.js"

writeFileSync(new URL("../../docs/schemas/evidence.schema.json", import.meta.url), evidenceSchema())
