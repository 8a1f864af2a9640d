import { ciCommentOptions, ciNotifyOptions, ciOptions, ciVerdictOptions } from "../options/gates.js"
import { command } from "./command.js"

export const ci = command({
  name: "ci",
  describe:
    "Run every gate of a change: suites, coverage, image, scan, migrations, load test; and report on all of them",
  options: ciOptions,
  examples: [
    ["$0 ci --base=origin/main", "what a pull request to main will be judged by"],
    ["$0 ci --base=origin/main --watch", "the same, again after each save"],
  ],
  run: async (options) => (await import("../ci/run-ci.js")).runCiCommand(options),
})

export const ciVerdict = command({
  name: "ci-verdict",
  describe: "Read a report of ci, and fail if its run did not pass; run nothing",
  options: ciVerdictOptions,
  examples: [["$0 ci-verdict --report=tollgate-report/ci", ""]],
  run: async (options) => (await import("../ci/earlier-run.js")).runCiVerdict(options),
})

export const ciComment = command({
  name: "ci-comment",
  describe: "Print the comment of a pull request from a report of ci; run nothing",
  options: ciCommentOptions,
  examples: [["$0 ci-comment --report=tollgate-report/ci > pr-comment.md", ""]],
  run: async (options) => (await import("../ci/earlier-run.js")).runCiComment(options),
})

export const ciNotify = command({
  name: "ci-notify",
  describe: "Notify of a branch whose run of ci failed, or passes again; run nothing",
  options: ciNotifyOptions,
  examples: [["$0 ci-notify --report=tollgate-report/ci --before=before --notify=env:TOLLGATE_NOTIFY", ""]],
  run: async (options) => (await import("../ci/earlier-run.js")).runCiNotify(options),
})
