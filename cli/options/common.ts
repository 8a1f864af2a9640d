import { flag, requiredText, secret, text } from "./option.js"

export const source = text("the repository: the folder with tollgate.yaml", {
  usual: "here or the nearest above",
  module: { usual: "the current repository" },
})

export const env = requiredText("environment of tollgate.yaml", { alias: "environment" })

export const ledger = secret("URL of the ledger's Postgres", { usual: "the sandbox's own" })

export const json = flag("everything, as JSON")

export const reason = requiredText("reason for the ledger")

/** The key that the hosts of an environment accept. */
export const sshOptions = {
  sshKey: secret("private key for the hosts", {
    usual: "the SSH agent",
    module: { usual: "none, for the sandbox" },
  }),
  sshPassphrase: secret("the key's passphrase", { usual: "it has none" }),
}

/** Values of the image's labels. */
export const stampOptions = {
  revision: text("commit that the source is of, for the image's label", {
    usual: "from Git",
    module: { usual: "not known" },
  }),
  created: text("time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image", {
    usual: "from Git",
    module: { usual: "not known" },
  }),
  sourceUrl: text("URL of the repository, for the image's label; image.source overrides it", {
    usual: "Git's origin",
    module: { usual: "not known" },
  }),
}
