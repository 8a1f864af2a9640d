import { writeFileSync } from "node:fs"
import { page, SECTIONS } from "./compatibility.js"

writeFileSync(new URL("../../docs/compatibility.md", import.meta.url), page(SECTIONS))
