import type { NotificationName } from "../config/notifications.js"
import { safe } from "../presentation/screen.js"
import { duration, shortDigest } from "../shared/figures.js"
import { version } from "../shared/version.js"

/** A notification's content, the same for every channel. Contains no secret. */
export interface Notice {
  event: NotificationName
  service: string
  /** null: it is about no environment. */
  environment: string | null
  /** Of a run of ci. */
  branch?: string
  /** Where the run is seen; null: unknown. */
  url?: string | null
  release: string | null
  run: string
  who: string
  /** Reason of the deployment, rollback or override. */
  why: string
  digest: string | null
  revision: string | null
  planId: string | null
  /** The ledger's head after the release, as --head takes it; null: the ledger was unreachable. */
  ledgerHead?: string | null
  /** Why it failed, first cause first. */
  causes: readonly string[]
  /** What did not make it fail, and what readers should know; left out: nothing. */
  warnings?: readonly string[]
  /** Commands that a reader is asked to run; left out: none. */
  commands?: readonly string[]
  /** What serves now, in words. */
  serving: string | null
  seconds: number | null
  at: string
}

export interface Message {
  title: string
  lines: string[]
}

const TITLES: Record<NotificationName, (notice: Notice) => string> = {
  start: ({ service, environment }) => `Deploying ${service} to ${environment}`,
  success: ({ service, environment }) => `Deployed ${service} to ${environment}`,
  failure: ({ service, environment }) => `FAILED: ${service} to ${environment}`,
  rollback: ({ service, environment }) => `ROLLED BACK: ${service} in ${environment}`,
  "approval-needed": ({ service, environment }) => `Approval needed: ${service} to ${environment}`,
  "break-glass": ({ service, environment }) =>
    `BREAK GLASS: ${service} to ${environment}, approvals or a freeze overridden`,
  "ci-failed": ({ service, branch = "" }) => `FAILED: ci of ${service} on ${branch}`,
  "ci-recovered": ({ service, branch = "" }) => `PASSED: ci of ${service} on ${branch}, after a failed run`,
}

const MOST_CAUSES = 5

/** The text for people. Each line is sanitised, because causes come from programs. */
export function messageOf(notice: Notice): Message {
  const {
    who,
    why,
    digest,
    revision,
    planId,
    causes,
    warnings = [],
    commands = [],
    serving,
    seconds,
    release,
    run,
    url = null,
    ledgerHead = null,
  } = notice
  const facts = [
    `by ${who}${why === "" ? "" : `: ${why}`}`,
    ...causes.slice(0, MOST_CAUSES).map((cause) => `cause: ${cause.slice(0, 400)}`),
    ...(causes.length > MOST_CAUSES ? [`and ${causes.length - MOST_CAUSES} more causes`] : []),
    ...warnings.map((warning) => `warning: ${warning.slice(0, 400)}`),
    ...commands.map((command) => `run: ${command}`),
    ...(serving === null ? [] : [`serving now: ${serving}`]),
    ...(digest === null
      ? []
      : [`image ${shortDigest(digest)}${revision === null ? "" : `, commit ${revision.slice(0, 12)}`}`]),
    ...(digest === null && revision !== null ? [`commit ${revision.slice(0, 12)}`] : []),
    ...(url === null ? [] : [url]),
    ...(planId === null ? [] : [`plan ${planId.slice(0, 21)}`]),
    ...(ledgerHead === null ? [] : [`ledger head ${ledgerHead}`]),
    `${release === null ? `run ${run}` : `release ${release}`}${seconds === null ? "" : `, ${duration(seconds)}`}`,
  ]
  return { title: silent(TITLES[notice.event](notice)), lines: facts.map(silent) }
}

/** One line that mentions nobody: chats notify a whole channel of `@everyone`, `@here`, `<!channel>` and `<@ID>`. */
function silent(text: string): string {
  return safe(text)
    .replace(/(?<![A-Za-z0-9.])@(?=\w)/g, "@\u200b")
    .replace(/<(?=[!@#&])/g, "<\u200b")
}

/**
 * Slack's message: https://docs.slack.dev/messaging/formatting-message-text#escaping. `text` is shown in mobile notifications, and is
 * all that Mattermost supports.
 */
export function slackBody(notice: Notice): string {
  const { title, lines } = messageOf(notice)
  const text = [`*${escapeSlack(title)}*`, ...lines.map(escapeSlack)].join("\n")
  return JSON.stringify({ text: text.slice(0, 3800) })
}

function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}

/** The body for programs, which may pass its texts on to a chat. */
export function webhookBody(notice: Notice): string {
  const said = { who: silent(notice.who), why: silent(notice.why), causes: notice.causes.map(silent) }
  const warnings = notice.warnings === undefined ? {} : { warnings: notice.warnings.map(silent) }
  const serving = notice.serving === null ? null : silent(notice.serving)
  const branch = notice.branch === undefined ? {} : { branch: silent(notice.branch) }
  return JSON.stringify({
    version: 1,
    tollgate: version,
    ...notice,
    ...said,
    ...warnings,
    serving,
    ...branch,
    ...messageOf(notice),
  })
}

export function mailOf(notice: Notice): { subject: string; text: string } {
  const { title, lines } = messageOf(notice)
  return { subject: title, text: `${[title, "", ...lines, "", `Tollgate ${version}, ${notice.at}`].join("\n")}\n` }
}
