import type { Argv, Options } from "yargs"

/** Names given with several options, or in one separated by commas. */
export function names(given: string[]): string[] {
  return given
    .flatMap((text) => text.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "")
}

export const source: Options = {
  type: "string",
  describe: "the repository: the folder that has tollgate.yaml  [default: here or the nearest above]",
}

export const ledger: Options = {
  type: "string",
  requiresArg: true,
  describe: "URL of the ledger's Postgres: env:NAME, file:PATH, …  [default: the sandbox's own]",
}

export const json: Options = { type: "boolean", default: false, describe: "everything, as JSON" }

/** By which key the hosts of an environment know us. */
export function sshKey(yargs: Argv): Argv {
  return yargs
    .option("ssh-key", {
      type: "string",
      requiresArg: true,
      describe: "private key for the hosts: env:NAME, file:PATH, …  [default: the SSH agent]",
    })
    .option("ssh-passphrase", {
      type: "string",
      requiresArg: true,
      describe: "its passphrase, if it has one: env:NAME, file:PATH, …",
    })
}

/** Report folder of a gate. */
export function reportFolder(usual: string): Options {
  return {
    type: "string",
    default: usual,
    describe: "folder for the full report; --no-report writes none",
    coerce: folder,
  }
}

/** yargs parses --no-report as false. */
function folder(given: string | false): string | false {
  return given === "" ? false : given
}

/** Report file of a gate. */
export const reportFile: Options = { type: "string", requiresArg: true, describe: "file for the full report, as JSON" }

/** Options of build, scan and publish about the source. */
export function imageStamp(yargs: Argv): Argv {
  return yargs
    .option("source", source)
    .option("revision", { type: "string", describe: "commit, for the image's label  [default: from Git]" })
    .option("created", {
      type: "string",
      describe: "the commit's time, used for all times in the image  [default: from Git]",
    })
    .option("source-url", {
      type: "string",
      describe: "URL of the repository, for the image's label  [default: Git's origin]",
    })
    .option("secrets", {
      type: "string",
      describe: "the values of image.buildSecrets in dotenv form: env:NAME, file:PATH, op://…, vault://…",
    })
}

/** Which environment is checked, and its configuration. */
export function oneEnvironment(yargs: Argv): Argv {
  return environmentWith(yargs, "its configuration")
}

/** Which environment's database is meant, and the way to it. */
export function databaseOf(yargs: Argv): Argv {
  return environmentWith(yargs, "the database's URL")
}

function environmentWith(yargs: Argv, held: string): Argv {
  return yargs
    .option("source", source)
    .option("env", {
      type: "string",
      alias: "environment",
      demandOption: true,
      requiresArg: true,
      describe: "staging, production, or another one of tollgate.yaml",
    })
    .option("secrets", {
      type: "string",
      demandOption: true,
      requiresArg: true,
      describe: `${held} in dotenv form: env:NAME, file:PATH, op://…, vault://…`,
    })
}
