import type { z } from "zod"
import { type DashboardOptions, serveDashboard } from "../../core/dashboard/server/listen.js"
import { LINK_MINUTES } from "../../core/dashboard/server/sign-in.js"
import { environmentSettings } from "../../core/environment/check.js"
import { TollgateError } from "../../core/shared/errors.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import type { dashboardOptions } from "../options/dashboard.js"
import { printError } from "../print-error.js"
import { onFirstSignal } from "../signals.js"
import { readPlace } from "./read-place.js"
import { keepHeapSmall } from "./small-heap.js"

/** Serves the dashboard until Ctrl-C. */
export async function runDashboard(options: z.output<typeof dashboardOptions>): Promise<void> {
  keepHeapSmall()
  const { env: environment } = options
  const { settings, file } = readLocalSource(options.source)
  if (environment !== undefined) environmentSettings(settings, environment)
  const zone = zoneOf(options.zone)
  const { place, oidc } = await readPlace(options)
  const served = { settings, file, place, oidc, links: oidc === null || options.link, zone }
  const url = options.ledger === undefined ? null : await secretText(options.ledger, "--ledger")
  const stopped = new Promise<void>((done) => onFirstSignal(done))
  if (url !== null) return await serve({ ...served, ledger: url }, stopped)
  if (environment === undefined)
    throw new TollgateError(
      "ledger-missing",
      "The dashboard has no ledger to read.",
      "Pass the URL of its Postgres with --ledger=env:NAME, or --env=sandbox for the sandbox's own.",
    )
  // Dagger's library takes as much memory as everything else here: a ledger's URL needs none of it
  const [{ withPlace }, { withEnvironmentLedger }, { cliEntryPoint }] = await Promise.all([
    import("../release/access.js"),
    import("../../core/release/ledger/environment-ledger.js"),
    import("../release/cli-entry-point.js"),
  ])
  await withPlace(settings, environment, () =>
    withEnvironmentLedger(settings, environment, null, cliEntryPoint, (_, reached) =>
      serve({ ...served, ledger: reached }, stopped),
    ),
  )
}

async function serve(options: Omit<DashboardOptions, "report">, stopped: Promise<void>): Promise<void> {
  const { place, oidc, links } = options
  // only a bug needs its stack
  const report = (error: unknown) => void printError(error, !(error instanceof TollgateError))
  const dashboard = await serveDashboard({ ...options, report })
  const { stdin, stdout } = process
  const print = () => void stdout.write(`${dashboard.newLink()}\n`)
  const behind = place.url === null ? "" : ` It listens on port ${dashboard.port} of ${place.host}, for the proxy.`
  if (oidc !== null)
    stdout.write(
      `The dashboard is running: ${dashboard.address}. People sign in with ${oidc.issuer.host}.${behind} Ctrl-C stops it.\n`,
    )
  if (links) {
    const more = stdin.isTTY ? " Press Enter for another;" : ""
    const [start, end] = oidc === null ? [`The dashboard is running.${behind} `, " Ctrl-C stops it."] : ["", ""]
    stdout.write(`${start}This link signs one browser in, once, within ${LINK_MINUTES} minutes.${more}${end}\n`)
    print()
    if (stdin.isTTY) stdin.on("data", print)
  }
  try {
    await stopped
  } finally {
    stdin.off("data", print)
    stdin.pause()
    await dashboard.close()
  }
}

function zoneOf(given: string): string {
  const zone = given === "" ? Intl.DateTimeFormat().resolvedOptions().timeZone : given
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new TollgateError(
      "dashboard-zone",
      `--zone is not a time zone: ${zone}`,
      "Pass one of the IANA database, such as --zone=Asia/Taipei or --zone=UTC.",
    )
  }
}
