import { approvalKey, approve, review } from "./approve.js"
import { audit, dora } from "./audit.js"
import { build, checkImage } from "./build.js"
import { checkConfig } from "./check-config.js"
import { checkEcpay } from "./check-ecpay.js"
import { ci, ciComment, ciNotify, ciVerdict } from "./ci.js"
import type { Command } from "./command.js"
import { dashboard } from "./dashboard.js"
import { doctor } from "./doctor.js"
import { init } from "./init.js"
import { history, ledgerCommand, releases, status, unlock } from "./ledger.js"
import { loadTest } from "./load-test.js"
import { backups, migrate, migrateReport, restore } from "./migrate.js"
import { migrationPlan } from "./migration-plan.js"
import { policy } from "./policy.js"
import { prepare } from "./prepare.js"
import { publish } from "./publish.js"
import { deploy, logs, maintenance, monitor, plan, rollback, sandbox } from "./release.js"
import { request, requests, runner } from "./request.js"
import { scan } from "./scan.js"
import { test } from "./test.js"
import { validate } from "./validate.js"

/** All commands, in the order of the help. Handlers import their dependencies, so that the help loads fast. */
export const commands: Command[] = [
  init,
  validate,
  ci,
  ciVerdict,
  ciComment,
  ciNotify,
  test,
  checkImage,
  build,
  scan,
  loadTest,
  publish,
  checkConfig,
  checkEcpay,
  migrationPlan,
  migrate,
  migrateReport,
  restore,
  backups,
  plan,
  approve,
  approvalKey,
  policy,
  deploy,
  rollback,
  monitor,
  logs,
  maintenance,
  request,
  requests,
  runner,
  history,
  releases,
  ledgerCommand,
  audit,
  dora,
  status,
  unlock,
  dashboard,
  review,
  sandbox,
  doctor,
  prepare,
]
