import { readOptionFile } from "../option-file.js"

export function readApproval(path: string): string {
  return readOptionFile(path, "--approval", "Pass a file that `tollgate approve` wrote. Nothing was changed.")
}
