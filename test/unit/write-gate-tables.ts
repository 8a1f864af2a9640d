import { readFileSync, writeFileSync } from "node:fs"
import { pagesWithTables } from "./gate-tables.js"

const at = (path: string) => new URL(`../../${path}`, import.meta.url)

for (const { page, text } of pagesWithTables((path) => readFileSync(at(path), "utf8"))) writeFileSync(at(page), text)
