import { writeFileSync } from "node:fs"
import { planSchema } from "../../core/database/plan/plan-file.js"

writeFileSync(new URL("../../docs/schemas/migration-plan.schema.json", import.meta.url), planSchema())
