import type { Argv, Options } from "yargs"

/** Names from a repeated option, or separated by commas. */
export function names(given: string[]): string[] {
  return given.flatMap((text) => text.split(",")).map((name) => name.trim()).filter((name) => name !== "")
}

export const source: Options = { type: "string", describe: "repository: the folder with tollgate.yaml  [default: the nearest one, from here upwards]" }

export const ledger: Options = { type: "string", requiresArg: true, describe: "URL of the ledger's Postgres: env:NAME, file:PATH, …  [default: the sandbox's own]" }

export const json: Options = { type: "boolean", default: false, describe: "print JSON" }

/** The SSH key for the hosts of an environment. */
export function sshKey(yargs: Argv): Argv {
  return yargs
    .option("ssh-key", { type: "string", requiresArg: true, describe: "SSH private key for the hosts: env:NAME, file:PATH, …  [default: the SSH agent]" })
    .option("ssh-passphrase", { type: "string", requiresArg: true, describe: "passphrase of the SSH key: env:NAME, file:PATH, …" })
}

/** Folder of a gate's report. */
export function reportFolder(defaultFolder: string): Options {
  return { type: "string", default: defaultFolder, describe: "folder for the full report; --no-report writes none", coerce: folder }
}

/** yargs passes false for --no-report. */
function folder(given: string | false): string | false {
  return given === "" ? false : given
}

/** File of a gate whose report is one file. */
export const reportFile: Options = { type: "string", requiresArg: true, describe: "file for the full report, as JSON" }

/** Options of build, scan and publish about the source. */
export function imageStamp(yargs: Argv): Argv {
  return yargs
    .option("source", source)
    .option("revision", { type: "string", describe: "commit, for the image's label  [default: from Git]" })
    .option("created", { type: "string", describe: "time of the commit, used for all times in the image  [default: from Git]" })
    .option("source-url", { type: "string", describe: "URL of the repository, for the image's label  [default: Git's origin]" })
    .option("secrets", { type: "string", describe: "values of image.buildSecrets in dotenv form: env:NAME, file:PATH, op://…, vault://…" })
}

/** The environment to check, and its configuration. */
export function oneEnvironment(yargs: Argv): Argv {
  return environmentWith(yargs, "its configuration")
}

/** The environment whose database is used, and the database's URL. */
export function databaseOf(yargs: Argv): Argv {
  return environmentWith(yargs, "the database's URL")
}

function environmentWith(yargs: Argv, held: string): Argv {
  return yargs
    .option("source", source)
    .option("env", { type: "string", alias: "environment", demandOption: true, requiresArg: true, describe: "environment of tollgate.yaml, such as staging or production" })
    .option("secrets", { type: "string", demandOption: true, requiresArg: true, describe: `${held} in dotenv form: env:NAME, file:PATH, op://…, vault://…` })
}
