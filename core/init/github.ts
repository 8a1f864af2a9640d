import { deployJob, dispatchInputs, operatorJob } from "./github-deploy.js"
import { ACTIONS, checkout, environmentSecrets, installDagger, STAMPED } from "./github-steps.js"
import { gateArguments, HEADER, secretsOf, stampArguments, VARIABLES, type Wrapper } from "./wrapper.js"

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
${environmentSecrets(secretsOf(wrapper, "gates"))}        run: ${call} ci-report \${BASE:+"$BASE"} \${BASELINE:+"$BASELINE"} --url="$RUN_URL" ${stampArguments(STAMPED)}${gates} export --path=report
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
