import { writeFileSync } from "node:fs"
import { scanSchema } from "../../core/scan/scan-file.js"

writeFileSync(new URL("../../docs/schemas/scan.schema.json", import.meta.url), scanSchema())
