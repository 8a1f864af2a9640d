import { approverLines, type DeployCall, deployLine, WAITING, waitingScript } from "./deploy-script.js"
import {
  accessArguments,
  type Deployment,
  gateArguments,
  HEADER,
  type Stamped,
  stampArguments,
  VARIABLES,
  type Wrapper,
} from "./wrapper.js"

/** Included by .gitlab-ci.yml, which is the team's: `include: [{ local: ci/tollgate.gitlab-ci.yml }]`. */
export const GITLAB_FILE = "ci/tollgate.gitlab-ci.yml"

const STAMPED: Stamped = { revision: '"$CI_COMMIT_SHA"', repository: ".", sourceUrl: '"$CI_PROJECT_URL"' }

/** The same calls on GitLab, with its kinds of reports. Secrets are CI/CD variables of the names in the calls, protected and masked. */
export function gitlabPipeline(wrapper: Wrapper): string {
  const gates = gateArguments(wrapper)
    .map((argument) => ` ${argument}`)
    .join("")
  return `# ${HEADER}
# The runner must allow privileged containers: the engine runs in one.
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == "main" || $CI_COMMIT_BRANCH == "develop"
    - if: $CI_PIPELINE_SOURCE == "schedule" || $CI_PIPELINE_SOURCE == "web"

stages: [gates, deploy, operate]

.tollgate:
  image: docker:28
  services: [docker:28-dind]
  variables:
    TOLLGATE: ${wrapper.module}
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_VERIFY: "1"
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_CERT_PATH: /certs/client
    # the base of a merge request must be there to compare with
    GIT_DEPTH: "0"
  before_script:
    - apk add --no-cache curl git
    - curl -fsSL https://dl.dagger.io/dagger/install.sh | BIN_DIR=/usr/local/bin DAGGER_VERSION=${wrapper.dagger} sh

tollgate:
  extends: .tollgate
  stage: gates
  timeout: 1h
  script:
    - |
      base=
      if [ -n "\${CI_MERGE_REQUEST_DIFF_BASE_SHA:-}" ]; then git clone --quiet --no-checkout . ../base && git -C ../base checkout --quiet --detach "$CI_MERGE_REQUEST_DIFF_BASE_SHA" && base=--base=../base; fi
      dagger -m "$TOLLGATE" call --source=. ci-report \${base:+"$base"} --url="$CI_JOB_URL" ${stampArguments(STAMPED)}${gates} export --path=tollgate-report/ci
    - |
      printf '{"Tollgate":[{"external_link":{"label":"Report of ci","url":"%s/artifacts/file/tollgate-report/ci/index.html"}}]}' "$CI_JOB_URL" > tollgate-report/annotations.json
    - dagger -m "$TOLLGATE" call --source=. ci-verdict --report=tollgate-report/ci
${wrapper.notify ? NOTIFY : ""}  artifacts:
    when: always
    expose_as: Tollgate report
    paths: [tollgate-report/ci/]
    reports:
      junit: tollgate-report/ci/junit.xml
      annotations: tollgate-report/annotations.json
      coverage_report: { coverage_format: cobertura, path: tollgate-report/ci/test/coverage.xml }
      cyclonedx: tollgate-report/ci/scan/sbom.cdx.json
      codequality: tollgate-report/ci/gl-code-quality.json
      container_scanning: tollgate-report/ci/scan/gl-container-scanning.json
${wrapper.deployments.map((deployment) => deployJobs(wrapper, deployment)).join("")}${wrapper.deployments.length === 0 ? "\n# No job deploys: no environment of tollgate.yaml has a target. With one, run `tollgate init` again.\n" : ""}`
}

/** Also of a run without a report. The status of the run before lies where Tollgate takes nothing for source. */
const NOTIFY = `  cache:
    key: tollgate-status-$CI_COMMIT_REF_SLUG
    paths: [tollgate-report/before/]
    when: always
  after_script:
    - |
      if [ "\${CI_COMMIT_BRANCH:-}" != main ]; then exit 0; fi
      before=
      if [ -f tollgate-report/before/status.json ]; then before=--before=tollgate-report/before; fi
      mkdir -p tollgate-report/ci tollgate-report/before
      dagger -m "$TOLLGATE" call --source=. ci-notify --report=tollgate-report/ci \${before:+"$before"} --notify=env:${VARIABLES.notify} --branch="$CI_COMMIT_BRANCH" --url="$CI_JOB_URL"
      cp tollgate-report/ci/status.json tollgate-report/before/
`

/** The pipeline goes on to pass with a warning, and the job is orange. */
const WHILE_WAITING = `  allow_failure: { exit_codes: [${WAITING}] }
  artifacts:
    when: always
    paths: [tollgate-report/plan.json]
`

/** GitLab's own registry takes the job's token. A CI/CD variable of the project stands over these. */
const JOB_LOGIN = `  variables:
    ${VARIABLES.registryUser}: $CI_REGISTRY_USER
    ${VARIABLES.registryPassword}: $CI_REGISTRY_PASSWORD
`

function deployLines(wrapper: Wrapper, environment: string, approvals: number): string[] {
  const call: DeployCall = {
    call: `dagger -m "$TOLLGATE" call --source=.`,
    environment,
    ...STAMPED,
    who: '"$GITLAB_USER_LOGIN"',
    more: [
      '${TOLLGATE_APPROVAL:+--approval="$TOLLGATE_APPROVAL"}',
      '${TOLLGATE_SECOND_APPROVAL:+--approval="$TOLLGATE_SECOND_APPROVAL"}',
    ],
  }
  if (approvals === 0) return [deployLine(wrapper, call)]
  return [
    "mkdir -p tollgate-report",
    ...waitingScript(wrapper, call, "tollgate-report/plan.json", [
      "cat <<END",
      "$verdict",
      "",
      ...approverLines(wrapper, call),
      "",
      `Then run a pipeline for $CI_COMMIT_BRANCH while it is at this commit, with approval.json as the file variable TOLLGATE_APPROVAL${approvals > 1 ? ", and the second person's as TOLLGATE_SECOND_APPROVAL" : ""}.`,
      "END",
    ]),
  ]
}

function deployJobs(wrapper: Wrapper, { environment, branch, approvals }: Deployment): string {
  const access = accessArguments(wrapper).join(" ")
  const quiet = accessArguments({ ...wrapper, notify: false }).join(" ")
  const call = `dagger -m "$TOLLGATE" call --source=.`
  return `
# Pushes to ${branch}.${approvals === 0 ? "" : " Without enough approvals it ends as WAITING: run it again with the file variables TOLLGATE_APPROVAL and TOLLGATE_SECOND_APPROVAL."}
${environment}:
  extends: .tollgate
  stage: deploy
  timeout: 1h
  resource_group: ${environment}
  environment: { name: ${environment} }
${wrapper.registry?.kind === "gitlab" ? JOB_LOGIN : ""}  rules:
    - if: $CI_COMMIT_BRANCH == "${branch}" && $CI_PIPELINE_SOURCE == "push"
    - if: $CI_COMMIT_BRANCH == "${branch}" && $CI_PIPELINE_SOURCE == "web"
      when: manual
${approvals === 0 ? "" : WHILE_WAITING}  script:
    - |
${deployLines(wrapper, environment, approvals)
  .map((line) => (line === "" ? "\n" : `      ${line}\n`))
  .join("")}
${environment}-rollback:
  extends: .tollgate
  stage: operate
  resource_group: ${environment}
  environment: { name: ${environment} }
  rules: [{ if: $CI_COMMIT_BRANCH == "${branch}", when: manual, allow_failure: true }]
  script:
    - ${call} rollback --env=${environment} --who="$GITLAB_USER_LOGIN" ${access}
${(["on", "off"] as const)
  .map(
    (state) => `
${environment}-maintenance-${state}:
  extends: .tollgate
  stage: operate
  environment: { name: ${environment} }
  rules: [{ if: $CI_COMMIT_BRANCH == "${branch}", when: manual, allow_failure: true }]
  script:
    - ${call} maintenance --env=${environment} --state=${state} --who="$GITLAB_USER_LOGIN" ${quiet}
`,
  )
  .join("")}`
}
