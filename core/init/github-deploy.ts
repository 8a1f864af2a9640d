import { approverLines, type DeployCall, deployLine, waitingScript } from "./deploy-script.js"
import { registryEnvironment, registryPermissions, registrySteps } from "./github-registry.js"
import { ACTIONS, checkout, environmentSecrets, installDagger, STAMPED } from "./github-steps.js"
import { accessArguments, type Deployment, secretsOf, type Wrapper } from "./wrapper.js"

const CALL = `dagger -m "$TOLLGATE" call --source=source`

export function dispatchInputs(environments: readonly string[]): string {
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

export function deployJob(wrapper: Wrapper, { environment, branch, approvals }: Deployment): string {
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
${registryPermissions(wrapper)}    environment:
      name: ${environment}
      url: \${{ vars.TOLLGATE_URL }}
    steps:
${checkout("source")}${installDagger(wrapper)}${deploySteps(wrapper, {
  environment,
  name: environment,
  approvals,
  when: "",
  env: "",
  before: [],
  more: [],
})}`
}

interface DeployStep {
  /** As a word of the shell. */
  environment: string
  /** Of the job's environment, in an expression of GitHub's. */
  name: string
  approvals: number
  /** Lines of the step before `run`, and of its script before the call. */
  when: string
  env: string
  before: readonly string[]
  more: readonly string[]
}

/** Deploys. Where approvals can be missing, the job ends with 3 then, says what to type, and keeps the plan. */
function deploySteps(wrapper: Wrapper, { environment, name, approvals, when, env, before, more }: DeployStep): string {
  const call: DeployCall = { call: CALL, environment, ...STAMPED, who: '"$GITHUB_ACTOR"', more }
  const lines = [
    ...before,
    ...(approvals === 0
      ? [deployLine(wrapper, call)]
      : waitingScript(wrapper, call, "plan/plan.json", waitingLines(wrapper, call, approvals))),
  ]
  return `${registrySteps(wrapper, when)}      - name: Deploy
        id: deploy
${when}        env:
${env}${environmentSecrets(secretsOf(wrapper, "deploy"))}${registryEnvironment(wrapper)}        run: |
${lines.map((line) => (line === "" ? "\n" : `          ${line}\n`)).join("")}${approvals === 0 ? "" : keepPlan(name)}`
}

function waitingLines(wrapper: Wrapper, call: DeployCall, approvals: number): string[] {
  const environment = call.environment.replaceAll('"', "")
  const given = [
    '-f approval="\\$(cat approval.json)"',
    ...(approvals > 1 ? ['-f second_approval="\\$(cat second-approval.json)"'] : []),
  ]
  return [
    'echo "waiting=true" >> "$GITHUB_OUTPUT"',
    'cat >> "$GITHUB_STEP_SUMMARY" <<END',
    `### ${environment} waits for approvals`,
    "",
    "$verdict",
    "",
    ...approverLines(wrapper, call),
    "",
    "Then, while $GITHUB_REF_NAME is at this commit:",
    "",
    `    gh workflow run payment-system-ci.yml --ref=$GITHUB_REF_NAME -f action=deploy -f environment=${environment} ${given.join(" ")}`,
    "END",
    `echo "::warning title=Tollgate waits for approvals::$verdict"`,
  ]
}

function keepPlan(name: string): string {
  return `      - name: Keep the plan
        if: \${{ failure() && steps.deploy.outputs.waiting == 'true' }}
        uses: ${ACTIONS.upload}
        with:
          name: plan-${name}
          path: plan
          if-no-files-found: warn
`
}

/** What a person starts. Inputs reach the shell as variables alone. */
export function operatorJob(wrapper: Wrapper): string {
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
${registryPermissions(wrapper)}    environment: \${{ inputs.environment }}
    steps:
${checkout("source")}${installDagger(wrapper)}${deploySteps(wrapper, {
  environment: '"$ENVIRONMENT"',
  name: "${{ inputs.environment }}",
  approvals: Math.max(...wrapper.deployments.map(({ approvals }) => approvals)),
  when: `${when("deploy")}\n`,
  env: `${given}
          APPROVAL: \${{ inputs.approval }}
          SECOND_APPROVAL: \${{ inputs.second_approval }}
`,
  before: [`printf '%s' "$APPROVAL" > approval.json`, `printf '%s' "$SECOND_APPROVAL" > second-approval.json`],
  more: [
    '--reason="$REASON"',
    "${APPROVAL:+--approval=approval.json}",
    "${SECOND_APPROVAL:+--approval=second-approval.json}",
  ],
})}      - name: Roll back
${when("rollback")}
        env:
${given}
${environmentSecrets(secretsOf(wrapper, "access"))}        run: ${CALL} rollback --env="$ENVIRONMENT" --reason="$REASON" --who="$GITHUB_ACTOR" ${access}
${(["on", "off"] as const)
  .map(
    (state) => `      - name: Maintenance ${state}
${when(`maintenance ${state}`)}
        env:
          ENVIRONMENT: \${{ inputs.environment }}
${environmentSecrets(secretsOf({ ...wrapper, notify: false }, "access"))}        run: ${CALL} maintenance --env="$ENVIRONMENT" --state=${state} --who="$GITHUB_ACTOR" ${accessArguments({ ...wrapper, notify: false }).join(" ")}
`,
  )
  .join("")}`
}
