/**
 * Takes a payment service from a commit to production and back.
 *
 * Every verdict rests on evidence that Tollgate gathered itself, never on a runner's output or exit code. All settings are in
 * tollgate.yaml at the top of the source.
 */
import {
  argument,
  type Container,
  check,
  type Directory,
  type File,
  func,
  object,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { ReleaseSummary } from "./release-summary.js"

@object()
export class Tollgate {
  /** The repository, with tollgate.yaml and the service. */
  @func()
  source: Directory

  /**
   * @param source The repository: the folder with tollgate.yaml. Default: the current repository.
   */
  constructor(
    @argument({
      defaultPath: "/",
      ignore: [
        ".git/*",
        "!.git/index",
        "!.git/info/exclude",
        "*/**/.git",
        "**/node_modules",
        "**/.venv",
        "**/__pycache__",
        "**/.pytest_cache",
        "tollgate-report",
      ],
    })
    source: Directory,
  ) {
    this.source = source
  }

  /**
   * Runs every gate of a change, as parallel as they allow, and to the end: tollgate.yaml and its files, the suites with coverage, the
   * coverage of the changed lines, the image, the scan, the migrations without a database, and the load test.
   *
   * Each gate is the function of its own name. With a base, gates that `paths` of tollgate.yaml leaves out are skipped, with the
   * reason. Fails when a gate failed or is inconclusive. The load test runs the scenario `smoke` if there is one, and otherwise all.
   *
   * @param base Source that the change is compared with: a folder, or a git address with a revision. Default: unknown; every gate runs,
   * and the coverage of the changed lines is skipped.
   * @param baseline Report folder of an earlier run, to show what changed since: coverage, findings, size, p95.
   * Default: none.
   * @param failFast End with the first gate that does not pass. Default: false.
   * @param secrets Values of qa.secrets, image.buildSecrets, database.secrets and load.secrets in dotenv form, which no report shows:
   * env:NAME, file:PATH, op://… or vault://…. Default: none.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @returns One screen: each gate with its verdict and time, why a gate did not pass, and what did not run.
   */
  @func({ cache: "never" })
  async ci(
    base?: Directory,
    baseline?: Directory,
    failFast = false,
    secrets?: Secret,
    revision = "",
    created = "",
    sourceUrl = "",
  ): Promise<string> {
    const { ci } = await (await core()).ci()
    return ci(this.source, { base, baseline, failFast, secrets, revision, created, sourceUrl })
  }

  /**
   * Runs the gates like ci, and writes the report, also of failed ones.
   *
   * A folder with index.html, status.json, junit.xml, results.sarif, ctrf.json, summary.md (below GitHub's 1 MiB), pr-comment.md (below
   * 60,000 characters), and each gate's own report in a folder of its name. ci-verdict judges by it.
   *
   * @param base Source that the change is compared with: a folder, or a git address with a revision. Default: unknown;
   * every gate runs, and the coverage of the changed lines is skipped.
   * @param baseline Report folder of an earlier run, to show what changed since: coverage, findings, size, p95.
   * Default: none.
   * @param failFast End with the first gate that does not pass. Default: false.
   * @param key Name in pr-comment.md, by which a later run finds and edits its own comment. Default: tollgate.
   * @param url URL at which the report will be, for pr-comment.md. Default: none.
   * @param commentWhenChanged Write pr-comment.md only if a gate did not pass, or a figure changed. Default: false.
   * @param secrets Values of qa.secrets, image.buildSecrets, database.secrets and load.secrets in dotenv form, which no report shows.
   * Default: none.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @returns A folder; write it with `export --path`.
   */
  @func({ cache: "never" })
  async ciReport(
    base?: Directory,
    baseline?: Directory,
    failFast = false,
    key = "tollgate",
    url = "",
    commentWhenChanged = false,
    secrets?: Secret,
    revision = "",
    created = "",
    sourceUrl = "",
  ): Promise<Directory> {
    const { ciReport } = await (await core()).ci()
    const asked = { base, baseline, failFast, secrets, revision, created, sourceUrl }
    return ciReport(this.source, { ...asked, key, url, commentWhenChanged })
  }

  /**
   * Reads a report of ci-report and fails if its run did not pass. Runs nothing.
   *
   * For a CI that keeps the report before it fails.
   *
   * @param report Folder with the report of an earlier run of ci.
   * @returns The screen of ci.
   */
  @func({ cache: "never" })
  async ciVerdict(report: Directory): Promise<string> {
    const { ciVerdict } = await (await core()).ci()
    return ciVerdict(report)
  }

  /**
   * Writes the comment of a pull request from a report of ci-report. Runs nothing.
   *
   * For a workflow that may comment on a fork's pull request, and takes the report of the fork's run as data.
   *
   * @param report Folder with the report of an earlier run of ci.
   * @param key Name in pr-comment.md, by which a later run finds and edits its own comment. Default: tollgate.
   * @param url URL of the report. Default: none.
   * @returns pr-comment.md, below 60,000 characters.
   */
  @func({ cache: "never" })
  async ciComment(report: Directory, key = "tollgate", url = ""): Promise<File> {
    const { ciComment } = await (await core()).ci()
    return ciComment(report, { key, url })
  }

  /**
   * Notifies of a branch whose run failed, or passes again after a failed one. Runs nothing.
   *
   * By the channels of tollgate.yaml, as ci-failed and ci-recovered. A run that fails by the same gates as the one before is not
   * reported again. A notification that cannot be sent is not an error.
   *
   * @param report Folder with the report of ci; without status.json the run counts as failed.
   * @param notify Addresses of the channels in dotenv form: env:NAME, file:PATH, op://… or vault://….
   * @param before Folder with the status.json of the run before, on the same branch. Default: unknown.
   * @param branch Name of the branch. Default: main.
   * @param url URL of the run. Default: none.
   * @returns What was sent, and by which channels.
   */
  @func({ cache: "never" })
  async ciNotify(report: Directory, notify: Secret, before?: Directory, branch = "main", url = ""): Promise<string> {
    const { ciNotify } = await (await core()).ci()
    return ciNotify(this.source, { report, before, notify, branch, url })
  }

  /**
   * Runs the QA suites and judges them by evidence from inside pytest.
   *
   * Each suite runs in its own container with its own Postgres and Redis, and every pytest process records evidence. Fails when a suite
   * failed, is missing or empty or left no evidence, and when coverage is below its threshold. Evidence of an earlier run is used while
   * the app's files, its dependencies and tollgate.yaml are unchanged.
   *
   * @param suites Names of suites in tollgate.yaml, separated by commas; a run of some covers only those. Default: all.
   * @param fresh Run again, even if nothing changed since the evidence was gathered. Default: false.
   * @param secrets Values of qa.secrets in dotenv form, which no report shows: env:NAME, file:PATH, op://… or
   * vault://…. Default: none.
   * @returns One screen: suites, counts, coverage, and the reasons of a failure.
   */
  @func({ cache: "never" })
  @check()
  async test(suites: string[] = [], fresh = false, secrets?: Secret): Promise<string> {
    const { test } = await (await core()).test()
    return test(this.source, { suites, fresh, secrets })
  }

  /**
   * Writes the full report of the suites, also of failed ones.
   *
   * A folder with report.html, summary.md, evidence.json, ctrf.json, junit/, coverage.xml (Cobertura), coverage/ (HTML), and the output
   * and artifacts of each suite in suites/. Uses the evidence of an earlier run while the app's files, its dependencies and
   * tollgate.yaml are unchanged, and gathers it otherwise.
   *
   * @param suites Names of suites in tollgate.yaml, separated by commas; a run of some covers only those. Default: all.
   * @param run Id of a run made with --fresh, from its screen. Default: the latest evidence without --fresh.
   * @param secrets Values of qa.secrets in dotenv form, which no report shows. Default: none.
   * @returns A folder; write it with `export --path`.
   */
  @func({ cache: "never" })
  async testReport(suites: string[] = [], run = "", secrets?: Secret): Promise<Directory> {
    const { testReport } = await (await core()).test()
    return testReport(this.source, { suites, run, secrets })
  }

  /**
   * Builds and checks the service's image.
   *
   * Uses the app's own Dockerfile, or Tollgate's own Python build without one. Reads all layers, and starts the service with
   * its own Postgres and Redis. Fails, naming all problems, if the image runs as root, has no health check, is larger than
   * image.maxSize or has a file or variable in any layer that looks like a secret, or if the service is not healthy at
   * image.health within image.startTimeout.
   *
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form: env:NAME, file:PATH, op://… or vault://…. Default:
   * none.
   * @returns The image, for the engine's own platform.
   */
  @func({ cache: "never" })
  async build(revision = "", created = "", sourceUrl = "", secrets?: Secret): Promise<Container> {
    const { build } = await (await core()).image()
    return build(this.source, { revision, created, sourceUrl, secrets })
  }

  /**
   * Builds and checks the image like build, and returns one screen.
   *
   * @param fresh Start the service again, even if the same image passed before. Default: false.
   * @param twice Build a second time without cache, and check whether the image is the same. Default: false.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form. Default: none.
   * @returns One screen: each check with its result, and why the image failed if it did.
   */
  @func({ cache: "never" })
  @check()
  async checkImage(
    fresh = false,
    twice = false,
    revision = "",
    created = "",
    sourceUrl = "",
    secrets?: Secret,
  ): Promise<string> {
    const { checkImage } = await (await core()).image()
    return checkImage(this.source, { fresh, twice, revision, created, sourceUrl, secrets })
  }

  /**
   * The full report of the image, for a failed image too.
   *
   * A folder with report.html, summary.md, image.json (every layer, the largest files, what looks like a secret, what the
   * service did) and service.log (the end of its output).
   *
   * @param twice Build a second time without cache, and check whether the image is the same. Default: false.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form. Default: none.
   * @returns A folder, to be written with `export --path`.
   */
  @func({ cache: "never" })
  async buildReport(twice = false, revision = "", created = "", sourceUrl = "", secrets?: Secret): Promise<Directory> {
    const { buildReport } = await (await core()).image()
    return buildReport(this.source, { twice, revision, created, sourceUrl, secrets })
  }

  /**
   * Scans the built image, the lockfiles and the repository with Trivy.
   *
   * Checks the image's system packages and libraries and the lockfiles for vulnerabilities, the image and the repository for
   * secrets, and the repository for misconfiguration. Fails if a finding of severity scan.failOn or above is not covered by an
   * entry of scan.ignore, or if such an entry has expired. It is inconclusive, which is an error too, if the vulnerability
   * database is missing, empty or older than scan.maxDatabaseAge, or if there was nothing to scan.
   *
   * @param fresh Download the vulnerability database again, even if it was downloaded in the last six hours. Default: false.
   * @param baseline The scan.json of an earlier report, to show what is new and what is gone. Default: none.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form: env:NAME, file:PATH, op://… or vault://…. Default:
   * none.
   * @returns One screen: what was scanned, findings by severity, and the blocking ones with the version that fixes them.
   */
  @func({ cache: "never" })
  @check()
  async scan(
    fresh = false,
    baseline?: File,
    revision = "",
    created = "",
    sourceUrl = "",
    secrets?: Secret,
  ): Promise<string> {
    const { scan } = await (await core()).scan()
    return scan(this.source, { fresh, baseline, revision, created, sourceUrl, secrets })
  }

  /**
   * The full report of a scan, for a failed scan too.
   *
   * A folder with report.html, summary.md, scan.json, results.sarif (SARIF 2.1.0), sbom.cdx.json (CycloneDX), table.txt and
   * trivy-image.json, trivy-lockfiles.json, trivy-repository.json. None of them contains a secret that was found.
   *
   * @param run Id of a scan with --fresh, from its screen. Default: the vulnerability database of the last six hours.
   * @param baseline The scan.json of an earlier report, to show what is new and what is gone. Default: none.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form. Default: none.
   * @returns A folder, to be written with `export --path`.
   */
  @func({ cache: "never" })
  async scanReport(
    run = "",
    baseline?: File,
    revision = "",
    created = "",
    sourceUrl = "",
    secrets?: Secret,
  ): Promise<Directory> {
    const { scanReport } = await (await core()).scan()
    return scanReport(this.source, { run, baseline, revision, created, sourceUrl, secrets })
  }

  /**
   * Builds and checks the image like build, and publishes it as image.name.
   *
   * Pushes it for all of image.platforms, first under its digest and then under the tag, so that a failed push leaves the tag
   * unchanged. Then reads the digest back from the registry. Fails if the image fails, or if the registry cannot be reached or
   * rejects the login or the image.
   *
   * @param tag Tag to publish under: letters, digits and . _ -, at most 128.
   * @param registryPassword Password or token of the registry: env:NAME, file:PATH, op://… or vault://…. Default: none.
   * @param registryUser User of the registry. Default: image.registry.user.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param secrets Values of image.buildSecrets in dotenv form. Default: none.
   * @param registryService A registry that only the caller's machine can reach, used for the host of image.name:
   * tcp://HOST:PORT. Default: the registry is reached through the engine's own network.
   * @returns The image's reference: name:tag@sha256:….
   */
  @func({ cache: "never" })
  async publish(
    tag: string,
    registryPassword?: Secret,
    registryUser = "",
    revision = "",
    created = "",
    sourceUrl = "",
    secrets?: Secret,
    registryService?: Service,
  ): Promise<string> {
    const { publish } = await (await core()).image()
    return publish(this.source, {
      tag,
      registryUser,
      registryPassword,
      registryService,
      revision,
      created,
      sourceUrl,
      secrets,
    })
  }

  /**
   * Load-tests the service with k6 and judges the thresholds of tollgate.yaml.
   *
   * Loads the image built from the source, with its own Postgres and Redis, or a deployed service. Requests of the warm-up do not count,
   * and a failed request counts as one that took the whole time-out. Fails when a threshold failed or is inconclusive, when a figure is
   * missing, and when k6 failed.
   *
   * @param scenarios Names of load.scenarios in tollgate.yaml, separated by commas. Default: all, in parallel.
   * @param url Address of a deployed service: scheme, host and port. Default: none; the image is built and loaded.
   * @param confirm Host of the address, required if load.staging does not list it. Default: none.
   * @param secrets Values of load.secrets and image.buildSecrets in dotenv form, which no report shows: env:NAME,
   * file:PATH, op://… or vault://…. Default: none.
   * @returns One screen: requests and response times of each scenario, and each threshold with the measured figure.
   */
  @func({ cache: "never" })
  async loadTest(scenarios: string[] = [], url = "", confirm = "", secrets?: Secret): Promise<string> {
    const { loadTest } = await (await core()).load()
    return loadTest(this.source, { scenarios, url, confirm, secrets })
  }

  /**
   * Writes the full report of a load test, also of a failed one.
   *
   * A folder with report.html (distribution of response times, requests and times second by second), load.json, summary.md and k6's own
   * k6-summary.json.
   *
   * @param scenarios Names of load.scenarios in tollgate.yaml, separated by commas. Default: all, in parallel.
   * @param url Address of a deployed service: scheme, host and port. Default: none; the image is built and loaded.
   * @param confirm Host of the address, required if load.staging does not list it. Default: none.
   * @param run Id of an earlier load test, from its screen, to report without a new load. Default: a new load test.
   * @param secrets Values of load.secrets and image.buildSecrets in dotenv form, which no report shows. Default: none.
   * @returns A folder; write it with `export --path`.
   */
  @func({ cache: "never" })
  async loadReport(scenarios: string[] = [], url = "", confirm = "", run = "", secrets?: Secret): Promise<Directory> {
    const { loadReport } = await (await core()).load()
    return loadReport(this.source, { scenarios, url, confirm, run, secrets })
  }

  /**
   * Shows what a migration would do, and changes nothing.
   *
   * The pending revisions with their messages, the SQL that alembic prints, the locks that each statement takes and on which
   * tables, with their rows and sizes. The revisions are run on an empty copy of the schema in a throw-away Postgres; the
   * database itself is read in one read-only transaction and by `pg_dump --schema-only`. Findings are Squawk's, and those of
   * rules for releases. Ends with an error when one is an error that tollgate.yaml does not accept.
   *
   * @param env Name of the environment that the secrets belong to, such as production.
   * @param secrets The database's URL, and what else alembic's env.py needs, in dotenv form: env:NAME, file:PATH,
   * op://… or vault://….
   * @param runningSource Source of the version that is running now, to see whether it still uses what the migration
   * removes: a folder, or a git address with a revision. Default: none; each drop, rename or narrowing is an error
   * unless database.contract names its revision.
   * @returns One screen: revisions, locks, findings and the verdict.
   */
  @func({ cache: "never" })
  async migrationPlan(env: string, secrets: Secret, runningSource?: Directory): Promise<string> {
    const { migrationPlan } = await (await core()).database()
    return migrationPlan(this.source, { env, secrets, runningSource })
  }

  /**
   * The full plan of a migration, of a failed one too.
   *
   * A folder with report.html, plan.json, plan.sql (as alembic prints it) and findings.sarif. Changes nothing.
   *
   * @param env Name of the environment that the secrets belong to, such as production.
   * @param secrets The database's URL, and what else alembic's env.py needs, in dotenv form.
   * @param runningSource Source of the version that is running now, to see whether it still uses what the migration
   * removes: a folder, or a git address with a revision. Default: none; each drop, rename or narrowing is an error
   * unless database.contract names its revision.
   * @returns A folder, to be written with `export --path`.
   */
  @func({ cache: "never" })
  async migrationPlanReport(env: string, secrets: Secret, runningSource?: Directory): Promise<Directory> {
    const { migrationPlanReport } = await (await core()).database()
    return migrationPlanReport(this.source, { env, secrets, runningSource })
  }

  /**
   * Migrates the database to its newest revision, so that a failure leaves it as it was.
   *
   * In this order: lock, preflight, backup, restore of that backup on a temporary server, rehearsal of the upgrade and the downgrade
   * there, upgrade with timeouts, validation. A failure is undone: by the transaction, by the rehearsed downgrade, or by the backup.
   * Ends with an error when the database is not at the newest revision afterwards.
   *
   * @param env Name of the environment, such as production: backups are kept by it.
   * @param secrets The database's URL in dotenv form (database.url names it), and the keys of S3 where backups are
   * there (database.backup.s3 names them): env:NAME, file:PATH, op://… or vault://….
   * @param maintenance The application is stopped, which is verified: a restore does not ask. Default: false.
   * @param identity Age key for encrypted backups, in case a failure must be undone by a restore. Default: none.
   * @returns One screen: every step with its time, where the backup is, and why it failed if it did.
   */
  @func({ cache: "never" })
  async migrate(env: string, secrets: Secret, maintenance = false, identity?: Secret): Promise<string> {
    const { migrate } = await (await core()).database()
    return migrate(this.source, { env, secrets, maintenance, identity })
  }

  /**
   * The full report of a migration, of one that failed too. Migrates nothing: each run records in the database what it did.
   *
   * A folder with report.html, migration.json and summary.md: steps and their times, the rehearsal, rows counted, where the backup is,
   * and every cause when it failed. Ends with an error when the database has no record of such a run.
   *
   * @param env Name of the environment, such as production: backups are kept by it.
   * @param secrets The database's URL in dotenv form (database.url names it), and the keys of S3 where backups are
   * there (database.backup.s3 names them).
   * @param run Id of the migration, from its screen. Default: the last one that ended.
   * @returns A folder, to be written with `export --path`.
   */
  @func({ cache: "never" })
  async migrateReport(env: string, secrets: Secret, run = ""): Promise<Directory> {
    const { migrateReport } = await (await core()).database()
    return migrateReport(this.source, { env, secrets, run })
  }

  /**
   * Replaces the database with a backup; the previous one is kept under another name.
   *
   * Restores into a new database, counts every row, counts what was written since the backup, and stops and asks when a row would be lost.
   *
   * @param env Name of the environment, such as production: backups are kept by it.
   * @param secrets The database's URL in dotenv form (database.url names it), and the keys of S3 where backups are
   * there (database.backup.s3 names them): env:NAME, file:PATH, op://… or vault://….
   * @param backup Name of the backup, as `backups` lists it. Default: the newest one that was tested.
   * @param maintenance The application is stopped, which is verified. Default: false.
   * @param discardWrites Restore although rows were written since the backup; they stay in the previous database. Default: false.
   * @param identity Age key for encrypted backups. Default: none.
   * @returns One screen: every step with its time, and the name of the previous database.
   */
  @func({ cache: "never" })
  async restore(
    env: string,
    secrets: Secret,
    backup = "",
    maintenance = false,
    discardWrites = false,
    identity?: Secret,
  ): Promise<string> {
    const { restore } = await (await core()).database()
    return restore(this.source, { env, secrets, backup, maintenance, discardWrites, identity })
  }

  /**
   * Lists the backups of an environment: age, size, revision, checksum, and whether each was restored once.
   *
   * @param env Name of the environment, such as production: backups are kept by it.
   * @param secrets The database's URL in dotenv form (database.url names it), and the keys of S3 where backups are
   * there (database.backup.s3 names them).
   * @param check Read every file and compare its checksum, not only its size. Default: false.
   * @returns One screen. An error with that screen if a backup is damaged or missing.
   */
  @func({ cache: "never" })
  async backups(env: string, secrets: Secret, check = false): Promise<string> {
    const { backups } = await (await core()).database()
    return backups(this.source, { env, secrets, check })
  }

  /**
   * Checks tollgate.yaml, and that the files it lists exist.
   *
   * Runs no code of the service. Fails with all problems at once, each with its line and column.
   *
   * @returns One line with what was checked.
   */
  @func({ cache: "never" })
  @check()
  async validate(): Promise<string> {
    const { validate } = await (await core()).test()
    return validate(this.source)
  }

  /**
   * Checks an environment's configuration: it is complete, well-formed, and shares no value with another environment.
   *
   * Names, rules and defaults for payment services are built in; change them under `environments` of tollgate.yaml. Fails with all
   * problems at once. Never shows a value or a part of one.
   *
   * @param env Environment of tollgate.yaml, such as staging or production.
   * @param secrets Its configuration in dotenv form: env:NAME, file:PATH, op://… or vault://….
   * @param against Configuration of the environment with which it must share no value (staging's for production,
   * production's for staging). Default: none; sharing is not checked.
   * @returns One screen: each variable, where its value comes from, and its problems.
   */
  @func({ cache: "never" })
  async checkConfig(env: string, secrets: Secret, against?: Secret): Promise<string> {
    const { checkConfig } = await (await core()).config()
    return checkConfig(this.source, { env, secrets, against })
  }

  /**
   * Checks an environment's ECPay credentials with a signed read-only query.
   *
   * Checks their form, verifies the computation of CheckMacValue with ECPay's published examples, and queries an order that cannot
   * exist: no money moves, and nothing is created. ECPay must sign its answer with the same key. Fails with the check that failed.
   * Credentials of another environment are detected before anything is sent.
   *
   * @param env Environment of tollgate.yaml; production queries payment.ecpay.com.tw, all others
   * payment-stage.ecpay.com.tw, unless environments.NAME.ecpay.endpoint overrides this.
   * @param secrets Its configuration in dotenv form, with ECPAY_MERCHANT_ID, ECPAY_HASH_KEY and ECPAY_HASH_IV:
   * env:NAME, file:PATH, op://… or vault://….
   * @returns One screen: each check with its verdict and result.
   */
  @func({ cache: "never" })
  async checkEcpay(env: string, secrets: Secret): Promise<string> {
    const { checkEcpay } = await (await core()).ecpay()
    return checkEcpay(this.source, { env, secrets })
  }

  /**
   * Signs a plan to approve its deployment.
   *
   * The approval is bound to all that decides what runs, where, and how it is judged, is good for one release, and expires. Fails when the
   * key may not approve that environment, when the key belongs to another approver, and when the plan was changed after it was made.
   *
   * @param plan What to approve: the file that `plan` or `policy-change` wrote.
   * @param key The approver's private key, as `tollgate approval-key` makes it: env:NAME, file:PATH, op://… or vault://….
   * @param approver The approver's name, as in environments.NAME.approvals.keys of tollgate.yaml.
   * @param reason Reason for the ledger.
   * @param expires Validity of the approval (4h, 90m), or an end time with its offset. Default: 4h.
   * @param passphrase The key's passphrase. Default: it has none.
   * @param breakGlass Sign for --break-glass of deploy, instead of approving. Default: false.
   * @param yes Sign; a function cannot prompt: without it, the plan is shown and nothing is signed. Default: false.
   * @returns The approval, to be written with `export --path`, for --approval of deploy.
   */
  @func({ cache: "never" })
  async approve(
    plan: File,
    key: Secret,
    approver: string,
    reason: string,
    expires = "4h",
    passphrase?: Secret,
    breakGlass = false,
    yes = false,
  ): Promise<File> {
    const { approve } = await (await core()).approval()
    return approve(this.source, { plan, key, approver, reason, expires, passphrase, breakGlass, yes })
  }

  /**
   * Closes the review of a break-glass release. Fails unless a second person signs it: neither its signer nor its deployer.
   *
   * @param env Environment of tollgate.yaml.
   * @param release Id of the release.
   * @param key The approver's private key, as `tollgate approval-key` makes it: env:NAME, file:PATH, op://… or
   * vault://….
   * @param approver The approver's name, as in environments.NAME.approvals.keys of tollgate.yaml.
   * @param reason What the review found.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param passphrase The key's passphrase. Default: it has none.
   * @param who Name of the operator for the ledger. Default: dagger call.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async review(
    env: string,
    release: string,
    key: Secret,
    approver: string,
    reason: string,
    ledger?: Secret,
    passphrase?: Secret,
    who = "",
  ): Promise<string> {
    const { review } = await (await core()).approval()
    return review(this.source, { env, release, key, approver, reason, ledger, passphrase, who })
  }

  /**
   * Shows the latest releases of an environment, and verifies the ledger's hash chain.
   *
   * Fails when the ledger is unreachable, and when its hash chain is broken, because an event was changed or removed.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres: env:NAME, file:PATH, op://… or vault://…. Default: the sandbox's own.
   * @param limit Number of releases, newest first: 1 to 1000. Default: 10.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async history(env: string, ledger?: Secret, limit = 10): Promise<string> {
    const { history } = await (await core()).ledger()
    return history(this.source, { env, ledger, limit })
  }

  /**
   * Exports every change of an environment in a period for an auditor, also failed, refused, interrupted and rolled-back ones.
   *
   * A folder with changes.csv, a folder for each change (what it was, its approvals as they were signed, its steps), the policies, and the
   * ledger's events with their hashes. audit-verify verifies it without the ledger. Fails when the ledger's hash chain is broken.
   *
   * @param env Environment of tollgate.yaml.
   * @param from First day of the period, in UTC, or a time with its zone.
   * @param to Last day of the period, in UTC, or the time until which it lasts.
   * @param ledger URL of the ledger's Postgres: env:NAME, file:PATH, op://… or vault://…. Default: the sandbox's own.
   * @param hideOthers Leave out the content of events of other services in the same ledger. Default: false.
   * @returns A folder; write it with `export --path`.
   */
  @func({ cache: "never" })
  async auditExport(env: string, from: string, to: string, ledger?: Secret, hideOthers = false): Promise<Directory> {
    const { auditExport } = await (await core()).audit()
    return auditExport(this.source, { env, from, to, ledger, hideOthers })
  }

  /**
   * Verifies the folder of audit-export, without the ledger: that no event is missing or changed, that every signature was valid under
   * the policy then in force, and that the other files match the events. Fails and names the first problem otherwise.
   *
   * @param folder Folder that audit-export wrote.
   * @param key Public keys of the approvers, as in tollgate.yaml, which you got from them in person. Default: those of the
   * policies in the folder.
   * @param head Heads of the ledger that you kept: NUMBER:HASH. Default: none.
   * @returns One screen: what was verified, and what the folder alone does not prove.
   */
  @func({ cache: "never" })
  async auditVerify(folder: Directory, key: string[] = [], head: string[] = []): Promise<string> {
    const { auditVerify } = await (await core()).audit()
    return auditVerify(folder, { key, head })
  }

  /**
   * Shows DORA's five figures of an environment, from its ledger, for the last 28 and 90 days, with their formulas.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async dora(env: string, ledger?: Secret): Promise<string> {
    const { dora } = await (await core()).audit()
    return dora(this.source, { env, ledger })
  }

  /**
   * Shows the policy that tollgate.yaml gives an environment: who approves, freezes, gates, thresholds, target. And which one is in force.
   *
   * For hosts, the one in force is read only with a ledger.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @returns One screen: each setting, the digest, and the fingerprint for the first adoption.
   */
  @func({ cache: "never" })
  async policyShow(env: string, ledger?: Secret): Promise<string> {
    const { policyShow } = await (await core()).policy()
    return policyShow(this.source, { env, ledger })
  }

  /**
   * Compares the policy that tollgate.yaml gives an environment with the one in force. Fails when they differ: a deployment would be refused.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @returns One screen: each setting that differs.
   */
  @func({ cache: "never" })
  async policyDiff(env: string, ledger?: Secret): Promise<string> {
    const { policyDiff } = await (await core()).policy()
    return policyDiff(this.source, { env, ledger })
  }

  /**
   * Writes the change from the policy in force to the one of tollgate.yaml, for approve.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @returns change.json, to be written with `export --path`.
   */
  @func({ cache: "never" })
  async policyChange(env: string, ledger?: Secret): Promise<File> {
    const { policyChange } = await (await core()).policy()
    return policyChange(this.source, { env, ledger })
  }

  /**
   * Adopts the policy of tollgate.yaml, with approvals under the one in force. The first adoption names its fingerprint.
   *
   * @param env Environment of tollgate.yaml.
   * @param reason Reason for the ledger.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param fingerprint Fingerprint of the policy, required for the first one. Default: none.
   * @param approval Approvals of the change: files that `approve` wrote. Default: none.
   * @param who Name of the operator for the ledger. Default: dagger call.
   * @returns One screen: what changed, and who approved it.
   */
  @func({ cache: "never" })
  async policyAdopt(
    env: string,
    reason: string,
    ledger?: Secret,
    fingerprint = "",
    approval?: File[],
    who = "",
  ): Promise<string> {
    const { policyAdopt } = await (await core()).policy()
    return policyAdopt(this.source, { env, reason, ledger, fingerprint, approval, who })
  }

  /**
   * Lists the policies that an environment had, newest first. Fails when one was written into the ledger without valid approvals.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async policyHistory(env: string, ledger?: Secret): Promise<string> {
    const { policyHistory } = await (await core()).policy()
    return policyHistory(this.source, { env, ledger })
  }

  /**
   * Verifies the ledger: its hash chain, the signatures of an environment's recorded approvals and policies by their public keys, and
   * that it contains the heads that its target and you kept.
   *
   * Fails when the hash chain is broken, when an approval was not signed by a key of tollgate.yaml or is for another plan than its
   * release had, when a policy was adopted without valid approvals, and when the ledger lost its end or was replaced.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param head Heads of the ledger that were kept, as a notification has them: NUMBER:HASH. Default: none.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async ledgerVerify(
    env: string,
    ledger?: Secret,
    head: string[] = [],
    sshKey?: Secret,
    sshPassphrase?: Secret,
  ): Promise<string> {
    const { ledgerVerify } = await (await core()).ledger()
    return ledgerVerify(this.source, { env, ledger, head, sshKey, sshPassphrase })
  }

  /**
   * Returns the latest releases of an environment as objects, for --json.
   *
   * @param env Environment of tollgate.yaml.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param limit Number of releases, newest first: 1 to 1000. Default: 10.
   * @returns The releases, newest first.
   */
  @func({ cache: "never" })
  async releases(env: string, ledger?: Secret, limit = 10): Promise<ReleaseSummary[]> {
    const { releases } = await (await core()).ledger()
    return (await releases(this.source, { env, ledger, limit })).map((release) =>
      Object.assign(new ReleaseSummary(), release),
    )
  }

  /**
   * Shows what runs in an environment, read from its target, and its history. Without env, shows all environments as the ledger has them.
   *
   * @param ledger URL of the ledger's Postgres, required without --env: env:NAME, file:PATH, op://… or vault://….
   * Default: the sandbox's own.
   * @param env Environment of tollgate.yaml. Default: all, from the ledger.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One screen.
   */
  @func({ cache: "never" })
  async status(ledger?: Secret, env = "", sshKey?: Secret, sshPassphrase?: Secret): Promise<string> {
    const { status } = await (await core()).release()
    return status(this.source, { env, ledger, sshKey, sshPassphrase })
  }

  /**
   * Frees the lease of an environment that a run holds, and records why. If that run is still active, it stops before its next step.
   *
   * Not needed after a run was killed: its lease expires by itself, ledger.lease after the last heartbeat.
   *
   * @param env Environment of tollgate.yaml.
   * @param reason Reason for the ledger.
   * @param who Name of the operator; recorded in the ledger.
   * @param ledger URL of the ledger's Postgres: env:NAME, file:PATH, op://… or vault://…. Default: the sandbox's own.
   * @param raise Number that the error ledger-behind names, for a ledger that was restored: its leases continue above it.
   * Default: 0.
   * @returns One screen: the previous holder of the lease.
   */
  @func({ cache: "never" })
  async unlock(env: string, reason: string, who: string, ledger?: Secret, raise = 0): Promise<string> {
    const { unlock } = await (await core()).ledger()
    return unlock(this.source, { env, ledger, reason, who, raise })
  }

  /**
   * A host to try releases on: sshd and Docker inside the engine, with the releases of `deploy --env=sandbox`.
   *
   * Its port 80 answers as the released service does, its port 22 is SSH. What runs there is kept between calls on volumes of the
   * engine; only one session at a time can use them, so stop this one before you deploy again.
   *
   * @returns A service, for example for `up --ports 8080:80`.
   */
  @func({ cache: "never" })
  async sandbox(): Promise<Service> {
    const { sandbox } = await (await core()).sandbox()
    return sandbox()
  }

  /**
   * What a deployment would change: images, configuration names, migrations, the checks before it, and the id that approvals are bound to.
   *
   * Builds, judges and publishes the image, so that its digest is known; nothing that runs is touched. Without a ledger there is no
   * history to compare with.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param version Image tag, and the version that the service reports. Default: the commit, else a digest of the source.
   * @param secrets The environment's configuration in dotenv form: env:NAME, file:PATH, op://… or vault://…. Default:
   * none, for the sandbox.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @param gateSecrets Values of qa.secrets, image.buildSecrets and the backups' storage in dotenv form. Default: none.
   * @param registryUser User of the registry. Default: image.registry.user.
   * @param registryPassword Password or token of the registry. Default: none.
   * @param registryService A registry that only the caller's machine can reach, used for the host of image.name:
   * tcp://HOST:PORT. Default: the registry is reached through the engine's own network.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param runningSource Source of the version that runs there, to see what it uses of the database. Default: not known.
   * @returns plan.json, to be written with `export --path`, for approve.
   */
  @func({ cache: "never" })
  async plan(
    env: string,
    version = "",
    secrets?: Secret,
    ledger?: Secret,
    sshKey?: Secret,
    sshPassphrase?: Secret,
    gateSecrets?: Secret,
    registryUser = "",
    registryPassword?: Secret,
    registryService?: Service,
    revision = "",
    created = "",
    sourceUrl = "",
    runningSource?: Directory,
  ): Promise<File> {
    const { plan } = await (await core()).release()
    return plan(this.source, {
      env,
      version,
      secrets,
      ledger,
      sshKey,
      sshPassphrase,
      gateSecrets,
      registryUser,
      registryPassword,
      registryService,
      revision,
      created,
      sourceUrl,
      runningSource,
    })
  }

  /**
   * Runs the gates, publishes the image and deploys it blue-green. A failure rolls back.
   *
   * Configuration, ECPay, test evidence, scan, image, target and approvals are checked first and change nothing. The new release starts
   * beside the live one, must be healthy and pass release.smoke, gets the traffic, and is watched for release.monitor.window. Fails when a
   * step fails: the run then rolls back, verifies what is serving, and reports it.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param version Image tag, and the version that the service reports. Default: the commit, else a digest of the source.
   * @param secrets The environment's configuration in dotenv form: env:NAME, file:PATH, op://… or vault://…. Default:
   * none, for the sandbox.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param approval Approvals, as many as environments.NAME.approvals.required: files that `approve` wrote. Default:
   * none.
   * @param breakGlass Reason to override missing approvals or a freeze, recorded and sent to all channels. Default:
   * none.
   * @param at Start time; without an offset in freeze.zone: 2026-11-23T09:30+08:00. Default: now.
   * @param reason Reason for the ledger. Default: none.
   * @param who Name of the operator for the ledger. Default: dagger call.
   * @param notify Notification addresses in dotenv form. Default: none.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @param gateSecrets Values of qa.secrets, image.buildSecrets and the backups' storage in dotenv form. Default: none.
   * @param registryUser User of the registry. Default: image.registry.user.
   * @param registryPassword Password or token of the registry. Default: none.
   * @param registryService A registry that only the caller's machine can reach, used for the host of image.name:
   * tcp://HOST:PORT. Default: the registry is reached through the engine's own network.
   * @param revision Commit that the source is of, for the image's label. Default: not known.
   * @param created Time of that commit with its zone (2026-11-22T09:30:00Z), used for all times in the image. Default:
   * not known.
   * @param sourceUrl URL of the repository, for the image's label; image.source overrides it. Default: not known.
   * @param identity Age key for encrypted backups, needed to undo a failed migration by a restore. Default: none.
   * @param runningSource Source of the live version: migrations must not remove what it uses of the database. Default: not known.
   * @returns One screen: the steps, and what is serving now.
   */
  @func({ cache: "never" })
  async deploy(
    env: string,
    version = "",
    secrets?: Secret,
    ledger?: Secret,
    approval?: File[],
    breakGlass = "",
    at = "",
    reason = "",
    who = "",
    notify?: Secret,
    sshKey?: Secret,
    sshPassphrase?: Secret,
    gateSecrets?: Secret,
    registryUser = "",
    registryPassword?: Secret,
    registryService?: Service,
    revision = "",
    created = "",
    sourceUrl = "",
    identity?: Secret,
    runningSource?: Directory,
  ): Promise<string> {
    const { deploy } = await (await core()).release()
    return deploy(this.source, {
      env,
      version,
      secrets,
      ledger,
      approval,
      breakGlass,
      at,
      reason,
      who,
      notify,
      sshKey,
      sshPassphrase,
      gateSecrets,
      identity,
      registryUser,
      registryPassword,
      registryService,
      revision,
      created,
      sourceUrl,
      runningSource,
    })
  }

  /**
   * Rolls back to an earlier release, in seconds: no build, no test, no approval.
   *
   * Needs only the target: it continues without ledger, registry and notifications. Fails when the release cannot be verified to serve.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param to Id or version of a release. Default: the previous one.
   * @param reason Reason for the ledger. Default: none.
   * @param who Name of the operator for the ledger. Default: dagger call.
   * @param secrets Configuration in dotenv form, for a release that is no longer on the target. Default: none.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param notify Notification addresses in dotenv form. Default: none.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One screen: the steps, and what is serving now.
   */
  @func({ cache: "never" })
  async rollback(
    env: string,
    to = "",
    reason = "",
    who = "",
    secrets?: Secret,
    ledger?: Secret,
    notify?: Secret,
    sshKey?: Secret,
    sshPassphrase?: Secret,
  ): Promise<string> {
    const { rollback } = await (await core()).release()
    return rollback(this.source, { env, to, reason, who, secrets, ledger, notify, sshKey, sshPassphrase })
  }

  /**
   * Watches an environment for a window: errors and p95 from the proxy, payments from the service's metrics, connections from its database.
   *
   * Fails when a threshold of release.monitor fails. With too little traffic the verdict is inconclusive.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param window Duration: a number of seconds. Default: release.monitor.window.
   * @param secrets The environment's configuration in dotenv form, for the database's connections. Default: none.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One screen: measured figures, thresholds, and the figures before.
   */
  @func({ cache: "never" })
  async monitor(env: string, window = 0, secrets?: Secret, sshKey?: Secret, sshPassphrase?: Secret): Promise<string> {
    const { monitor } = await (await core()).release()
    return monitor(this.source, { env, window, secrets, sshKey, sshPassphrase })
  }

  /**
   * Prints the log of a release from all its hosts, the oldest line first.
   *
   * Values of the release's variables are redacted, except the defaults in tollgate.yaml. `tollgate logs --follow` follows new lines.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param release Id or version of a release. Default: the live one.
   * @param since Duration or time with its zone: 10m, 2h30m, 2026-11-23T09:30:00+08:00. Default: no limit.
   * @param lines The latest lines of each container. Default: 200.
   * @param secrets Configuration in dotenv form, to redact values that are no longer on the target. Default: none.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One line for each: time, host, process, text.
   */
  @func({ cache: "never" })
  async logs(
    env: string,
    release = "",
    since = "",
    lines = 200,
    secrets?: Secret,
    sshKey?: Secret,
    sshPassphrase?: Secret,
  ): Promise<string> {
    const { logs } = await (await core()).release()
    return logs(this.source, { env, release, since, lines, secrets, sshKey, sshPassphrase })
  }

  /**
   * Turns maintenance mode on or off. While it is on, every request is answered 503.
   *
   * @param env Name of the environment; sandbox needs no secret.
   * @param state New state: on or off.
   * @param message Text of the 503 page. Default: We are back shortly.
   * @param who Name of the operator for the ledger. Default: dagger call.
   * @param ledger URL of the ledger's Postgres. Default: the sandbox's own.
   * @param sshKey Private key for the hosts. Default: none, for the sandbox.
   * @param sshPassphrase The key's passphrase. Default: it has none.
   * @returns One screen: the answer that verified it.
   */
  @func({ cache: "never" })
  async maintenance(
    env: string,
    state: string,
    message = "We are back shortly.",
    who = "",
    ledger?: Secret,
    sshKey?: Secret,
    sshPassphrase?: Secret,
  ): Promise<string> {
    const { maintenance } = await (await core()).release()
    return maintenance(this.source, { env, state, message, who, ledger, sshKey, sshPassphrase })
  }
}

/** Loaded by a call, and not when Dagger reads the types. */
function core() {
  return import("#core")
}
