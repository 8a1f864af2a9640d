import {
  accessArguments,
  type Deployment,
  deployArguments,
  gateArguments,
  HEADER,
  secretsOf,
  VARIABLES,
  type Wrapper,
} from "./wrapper.js"

/** Each commit was read from a copy of the action's repository, under the tag beside it. */
const ACTIONS = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  upload: "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
  download: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  cacheRestore: "actions/cache/restore@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5",
  cacheSave: "actions/cache/save@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5",
  dagger: "dagger/dagger-for-github@27b130bf0f79a7f6fbbbe0fbca6760dc9bb40a77 # v8.4.1",
} as const

export const GITHUB_FILE = ".github/workflows/payment-system-ci.yml"
export const GITHUB_COMMENT_FILE = ".github/workflows/payment-system-comment.yml"

/** The workflow: gates on every change, staging from develop, production from main, and what an operator starts. */
export function githubWorkflow(wrapper: Wrapper): string {
  const environments = wrapper.deployments.map(({ environment }) => environment)
  return `# ${HEADER}
name: payment-system-ci
on:
  pull_request:
  merge_group:
  push:
    branches: [develop, main]
  schedule:
    - cron: "17 2 * * *"
  workflow_dispatch:
${environments.length === 0 ? "" : dispatchInputs(environments)}
# each job takes what it needs
permissions: {}

# a deployment is never cancelled by the next push
concurrency:
  group: payment-system-ci-\${{ github.event_name }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

env:
  TOLLGATE: ${wrapper.module}

jobs:
${ciJob(wrapper, environments.length > 0)}${wrapper.deployments.map((deployment) => deployJob(wrapper, deployment)).join("")}${environments.length === 0 ? NO_DEPLOYMENT : operatorJob(wrapper)}`
}

const NO_DEPLOYMENT = `
# No job deploys: no environment of tollgate.yaml has a target. With one, run \`tollgate init\` again.
`

function dispatchInputs(environments: readonly string[]): string {
  return `    inputs:
      action:
        description: What to do
        type: choice
        default: gates
        options: [gates, deploy, rollback, maintenance on, maintenance off]
      environment:
        description: Environment of a deployment, rollback or maintenance
        type: choice
        options: [${environments.join(", ")}]
      reason:
        description: Reason, for the ledger
        type: string
        default: ""
      approval:
        description: Signed approval (the text of approval.json) of a deployment that waits
        type: string
        default: ""
      second_approval:
        description: Signed approval of a second person
        type: string
        default: ""

`
}

/** Always runs, and is the one required check: what a change cannot touch is left out inside, and named in the report. */
function ciJob(wrapper: Wrapper, dispatched: boolean): string {
  const call = `dagger -m "$TOLLGATE" call --source=source`
  const gates = gateArguments(wrapper)
    .map((argument) => ` ${argument}`)
    .join("")
  return `  ci:
    name: tollgate
${dispatched ? "    if: github.event_name != 'workflow_dispatch' || inputs.action == 'gates'\n" : ""}    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
${checkout("source")}      - name: Source before the change
        if: github.event_name == 'pull_request' || github.event_name == 'merge_group'
        uses: ${ACTIONS.checkout}
        with:
          path: base
          ref: \${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}
          persist-credentials: false
      - name: Report of the last run on main
        id: baseline
        uses: ${ACTIONS.cacheRestore}
        with:
          path: baseline
          key: tollgate-report-\${{ github.run_id }}
          restore-keys: tollgate-report-
${wrapper.notify ? STATUS_BEFORE : ""}${installDagger(wrapper)}      - name: Gates
        env:
          BASE: \${{ (github.event_name == 'pull_request' || github.event_name == 'merge_group') && '--base=base' || '' }}
          BASELINE: \${{ steps.baseline.outputs.cache-matched-key != '' && '--baseline=baseline' || '' }}
          RUN_URL: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}
${environmentSecrets(secretsOf(wrapper, "gates"))}        run: ${call} ci-report \${BASE:+"$BASE"} \${BASELINE:+"$BASELINE"} --url="$RUN_URL" --revision="$GITHUB_SHA"${gates} export --path=report
      - name: Summary
        if: \${{ !cancelled() }}
        run: |
          cat report/summary.md >> "$GITHUB_STEP_SUMMARY"
          cat report/annotations.txt
      - name: Keep the report
        if: \${{ !cancelled() }}
        uses: ${ACTIONS.upload}
        with:
          name: ci-report
          path: report
          if-no-files-found: error
${wrapper.notify ? notifySteps(call) : ""}      - name: Verdict
        run: ${call} ci-verdict --report=report
      - name: Baseline for pull requests
        if: github.event_name == 'push' && github.ref == 'refs/heads/main'
        run: mkdir -p baseline/scan && cp report/status.json baseline/ && cp report/scan/scan.json baseline/scan/
      - name: Keep the baseline
        if: github.event_name == 'push' && github.ref == 'refs/heads/main'
        uses: ${ACTIONS.cacheSave}
        with:
          path: baseline
          key: tollgate-report-\${{ github.run_id }}
`
}

const STATUS_BEFORE = `      - name: Status of the run before
        id: before
        if: github.ref == 'refs/heads/main'
        uses: ${ACTIONS.cacheRestore}
        with:
          path: before
          key: tollgate-status-\${{ github.run_id }}
          restore-keys: tollgate-status-
`

/** Also of a run without a report. Pull requests have their comment. */
function notifySteps(call: string): string {
  const onMain = "        if: ${{ !cancelled() && github.ref == 'refs/heads/main' }}"
  return `      - name: Notify
${onMain}
        continue-on-error: true
        env:
          BEFORE: \${{ steps.before.outputs.cache-matched-key != '' && '--before=before' || '' }}
          RUN_URL: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}
${environmentSecrets([VARIABLES.notify])}        run: |
          mkdir -p report
          ${call} ci-notify --report=report \${BEFORE:+"$BEFORE"} --notify=env:${VARIABLES.notify} --branch="$GITHUB_REF_NAME" --url="$RUN_URL"
          mkdir -p before && cp report/status.json before/
      - name: Keep the status
${onMain}
        uses: ${ACTIONS.cacheSave}
        with:
          path: before
          key: tollgate-status-\${{ github.run_id }}
`
}

function deployJob(wrapper: Wrapper, { environment, branch, approvals }: Deployment): string {
  const asked =
    approvals === 0
      ? ""
      : ` The first run ends as WAITING until ${approvals === 1 ? "an approval is" : `${approvals} approvals are`} given: start \`deploy\` by hand with them.`
  return `
  # Pushes to ${branch}.${asked}
  ${environment}:
    needs: ci
    if: github.event_name == 'push' && github.ref == 'refs/heads/${branch}'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    concurrency:
      group: tollgate-${environment}
      cancel-in-progress: false
    permissions:
      contents: read
    environment:
      name: ${environment}
      url: \${{ vars.TOLLGATE_URL }}
    steps:
${checkout("source")}${installDagger(wrapper)}${deployStep(wrapper, environment)}`
}

function deployStep(wrapper: Wrapper, environment: string, more = ""): string {
  return `      - name: Deploy
        env:
${environmentSecrets(secretsOf(wrapper, "deploy"))}        run: dagger -m "$TOLLGATE" call --source=source deploy --env=${environment} --version="$GITHUB_SHA" --revision="$GITHUB_SHA" --who="$GITHUB_ACTOR" ${[...deployArguments(wrapper)].join(" ")}${more}
`
}

/** What a person starts. Inputs reach the shell as variables alone. */
function operatorJob(wrapper: Wrapper): string {
  const call = `dagger -m "$TOLLGATE" call --source=source`
  const access = accessArguments(wrapper).join(" ")
  const given = ["          ENVIRONMENT: ${{ inputs.environment }}", "          REASON: ${{ inputs.reason }}"].join(
    "\n",
  )
  const when = (action: string) => `        if: inputs.action == '${action}'`
  return `
  operator:
    name: \${{ inputs.action }} \${{ inputs.environment }}
    if: github.event_name == 'workflow_dispatch' && inputs.action != 'gates'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    concurrency:
      group: tollgate-\${{ inputs.environment }}
      cancel-in-progress: false
    permissions:
      contents: read
    environment: \${{ inputs.environment }}
    steps:
${checkout("source")}${installDagger(wrapper)}      - name: Deploy
${when("deploy")}
        env:
${given}
          APPROVAL: \${{ inputs.approval }}
          SECOND_APPROVAL: \${{ inputs.second_approval }}
${environmentSecrets(secretsOf(wrapper, "deploy"))}        run: |
          printf '%s' "$APPROVAL" > approval.json
          printf '%s' "$SECOND_APPROVAL" > second-approval.json
          ${call} deploy --env="$ENVIRONMENT" --version="$GITHUB_SHA" --revision="$GITHUB_SHA" --who="$GITHUB_ACTOR" --reason="$REASON" \${APPROVAL:+--approval=approval.json} \${SECOND_APPROVAL:+--approval=second-approval.json} ${deployArguments(wrapper).join(" ")}
      - name: Roll back
${when("rollback")}
        env:
${given}
${environmentSecrets(secretsOf(wrapper, "access"))}        run: ${call} rollback --env="$ENVIRONMENT" --reason="$REASON" --who="$GITHUB_ACTOR" ${access}
${(["on", "off"] as const)
  .map(
    (state) => `      - name: Maintenance ${state}
${when(`maintenance ${state}`)}
        env:
          ENVIRONMENT: \${{ inputs.environment }}
${environmentSecrets(secretsOf({ ...wrapper, notify: false }, "access"))}        run: ${call} maintenance --env="$ENVIRONMENT" --state=${state} --who="$GITHUB_ACTOR" ${accessArguments({ ...wrapper, notify: false }).join(" ")}
`,
  )
  .join("")}`
}

/**
 * The comment of a pull request. It runs after the gates, from the default branch, and so has a token that may write even for a fork:
 * of the fork's run it takes data alone, and writes the comment anew from it.
 */
export function githubComment(wrapper: Wrapper): string {
  return `# ${HEADER}
name: payment-system-comment
on:
  # also for a fork's pull request. No code of the pull request runs here: its report is read as data.
  workflow_run: # zizmor: ignore[dangerous-triggers]
    workflows: [payment-system-ci]
    types: [completed]

permissions: {}

jobs:
  comment:
    if: github.event.workflow_run.event == 'pull_request'
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      actions: read
      pull-requests: write
    env:
      TOLLGATE: ${wrapper.module}
      GH_TOKEN: \${{ github.token }}
      GH_REPO: \${{ github.repository }}
      SHA: \${{ github.event.workflow_run.head_sha }}
      RUN_URL: \${{ github.event.workflow_run.html_url }}
    steps:
      - name: Report
        uses: ${ACTIONS.download}
        with:
          name: ci-report
          path: report
          run-id: \${{ github.event.workflow_run.id }}
          github-token: \${{ github.token }}
${installDagger(wrapper)}      - name: Comment
        run: |
          dagger -m "$TOLLGATE" call --source=report ci-comment --report=report --url="$RUN_URL" export --path=comment.md
          number=$(gh api --paginate "repos/$GH_REPO/pulls?state=open&per_page=100" --jq '.[] | select(.head.sha == env.SHA) | .number' | head -n 1)
          test -n "$number" || exit 0
          mark=$(head -n 1 comment.md)
          export mark
          comment=$(gh api --paginate "repos/$GH_REPO/issues/$number/comments?per_page=100" --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.mark))) | .id' | head -n 1)
          if [ -n "$comment" ]; then
            gh api --method PATCH "repos/$GH_REPO/issues/comments/$comment" -F body=@comment.md
          else
            gh api --method POST "repos/$GH_REPO/issues/$number/comments" -F body=@comment.md
          fi
`
}

function checkout(path: string): string {
  return `      - name: Source
        uses: ${ACTIONS.checkout}
        with:
          path: ${path}
          persist-credentials: false
`
}

function installDagger({ dagger }: Wrapper): string {
  return `      - name: Install the dagger CLI
        uses: ${ACTIONS.dagger}
        with:
          version: "${dagger}"
`
}

function environmentSecrets(names: readonly string[]): string {
  return names.map((name) => `          ${name}: \${{ secrets.${name} }}\n`).join("")
}
