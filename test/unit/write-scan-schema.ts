import { writeFileSync } from "node:fs"
import { scanSchema } from "../../src/scan/scan-file.js"

writeFileSync(new URL("../../docs/schemas/scan.schema.json", import.meta.url), scanSchema())
