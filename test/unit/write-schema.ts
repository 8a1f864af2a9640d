import { writeFileSync } from "node:fs"
import { settingsJsonSchema } from "../../core/config/schema.js"

const file = new URL("../../tollgate.schema.json", import.meta.url)
writeFileSync(file, `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`)
