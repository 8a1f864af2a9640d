import { writeFileSync } from "node:fs"
import { statusSchema } from "../../core/ci/status.js"

writeFileSync(new URL("../../docs/schemas/status.schema.json", import.meta.url), statusSchema())
