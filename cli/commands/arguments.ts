import type { Argv } from "yargs"

/** Names given with several options, or in one separated by commas. */
export function names(given: string[]): string[] {
  return given.flatMap((text) => text.split(",")).map((name) => name.trim()).filter((name) => name !== "")
}

/** yargs gives false for --no-report. */
export function folder(given: string | false): string | false {
  return given === "" ? false : given
}

/** What build and publish are told of the source. */
export function imageStamp(yargs: Argv): Argv {
  return yargs
    .option("source", { type: "string", describe: "the repository: the folder that has tollgate.yaml  [default: here or the nearest above]" })
    .option("revision", { type: "string", describe: "commit, for the image's label  [default: what Git says]" })
    .option("created", { type: "string", describe: "the commit's time, which is every time in the image  [default: what Git says]" })
    .option("source-url", { type: "string", describe: "URL of the repository, for the image's label  [default: Git's origin]" })
    .option("secrets", { type: "string", describe: "the values of image.buildSecrets in dotenv form: env:NAME, file:PATH, op://…, vault://…" })
}
