import { z } from "zod"
import { gates } from "../../core/config/gates.js"
import { source, stampOptions } from "./common.js"
import { flag, names, reportFolder, requiredSecret, requiredText, secret, text, textOr } from "./option.js"
import { registryOptions } from "./registry.js"

const key = textOr("tollgate", "name in pr-comment.md, by which a later run finds and edits its own comment")

export const validateOptions = z.object({ source })

export const ciOptions = z.object({
  source,
  ...stampOptions,
  secrets: secret(
    "values of qa.secrets, image.buildSecrets, database.secrets and load.secrets in dotenv form, which no report shows",
  ),
  base: text("source that the change is compared with", {
    form: "a folder, or a revision that git knows",
    usual: "unknown; every gate runs, and the coverage of the changed lines is skipped",
    module: { form: "a folder, or a git address with a revision" },
  }),
  baseline: text("report folder of an earlier run, to show what changed since: coverage, findings, size, p95"),
  failFast: flag("end with the first gate that does not pass"),
  key,
  url: textOr("", "URL at which the report will be, for pr-comment.md"),
  commentWhenChanged: flag("write pr-comment.md only if a gate did not pass, or a figure changed"),
  ledger: secret("URL of the ledger's Postgres, where the run is recorded", { usual: "it is not recorded" }),
  watch: flag(
    "run again after each save, until Ctrl-C; a gate that passed runs again only if `paths` of it matches a saved file",
  ),
  report: reportFolder("tollgate-report/ci"),
})

const ciReport = requiredText("folder with the report of an earlier run of ci")
export const ciVerdictOptions = z.object({ report: ciReport })
export const ciNotifyOptions = z.object({
  source,
  report: requiredText("folder with the report of ci; without status.json the run counts as failed"),
  notify: requiredSecret("addresses of the channels in dotenv form"),
  before: text("folder with the status.json of the run before, on the same branch", { usual: "unknown" }),
  branch: textOr("main", "name of the branch"),
  url: textOr("", "URL of the run"),
})
export const ciCommentOptions = z.object({ report: ciReport, key, url: textOr("", "URL of the report") })

export const testOptions = z.object({
  source,
  suites: names("names of suites in tollgate.yaml, separated by commas; a run of some covers only those", {
    usual: "all",
  }),
  fresh: flag("run again, even if nothing changed since the evidence was gathered"),
  secrets: secret("values of qa.secrets in dotenv form, which no report shows"),
  report: reportFolder(gates.test.report),
})

const buildSecrets = secret("values of image.buildSecrets in dotenv form")

export const checkImageOptions = z.object({
  source,
  ...stampOptions,
  secrets: buildSecrets,
  fresh: flag("start the service again, even if the same image passed before"),
  twice: flag("build a second time without cache, and check whether the image is the same"),
  report: reportFolder(gates.image.report),
})

export const buildOptions = checkImageOptions.extend({
  out: text("file for the image, for `docker load`: written if it passed"),
})

export const publishOptions = z.object({
  source,
  ...stampOptions,
  secrets: buildSecrets,
  tag: requiredText("tag to publish under", { form: "letters, digits and . _ -, at most 128" }),
  ...registryOptions,
  report: reportFolder(gates.image.report),
})

export const scanOptions = z.object({
  source,
  ...stampOptions,
  secrets: buildSecrets,
  fresh: flag("download the vulnerability database again, even if it was downloaded in the last six hours"),
  baseline: text("the scan.json of an earlier report, to show what is new and what is gone"),
  report: reportFolder(gates.scan.report),
})

export const loadOptions = z.object({
  source,
  scenarios: names("names of load.scenarios in tollgate.yaml, separated by commas", { usual: "all, in parallel" }),
  url: textOr("", "address of a deployed service", {
    form: "scheme, host and port",
    usual: "none; the image is built and loaded",
  }),
  confirm: textOr("", "host of the address, required if load.staging does not list it"),
  secrets: secret("values of load.secrets and image.buildSecrets in dotenv form, which no report shows"),
  report: reportFolder(gates.load.report),
})
