import type { CommandModule } from "yargs"
import { approvalKey, approve, review } from "./approve.js"
import { build } from "./build.js"
import { checkConfig } from "./check-config.js"
import { checkEcpay } from "./check-ecpay.js"
import { ci } from "./ci.js"
import { doctor } from "./doctor.js"
import { engine } from "./engine.js"
import { init } from "./init.js"
import { history, ledgerCommand, status, unlock } from "./ledger.js"
import { loadTest } from "./load-test.js"
import { backups, migrate, restore } from "./migrate.js"
import { migrationPlan } from "./migration-plan.js"
import { policy } from "./policy.js"
import { prepare } from "./prepare.js"
import { publish } from "./publish.js"
import { deploy, logs, maintenance, monitor, plan, rollback, sandbox } from "./release.js"
import { request, requests, runner } from "./request.js"
import { scan } from "./scan.js"
import { test } from "./test.js"

/** All commands, in the order of the help. Handlers import their dependencies, so that the help loads fast. */
export const commands: CommandModule[] = [
  init,
  ci,
  test,
  build,
  scan,
  loadTest,
  publish,
  checkConfig,
  checkEcpay,
  migrationPlan,
  migrate,
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
  ledgerCommand,
  status,
  unlock,
  review,
  sandbox,
  doctor,
  engine,
  prepare,
]
