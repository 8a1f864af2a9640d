import { type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../environment/check.js"
import { requirePassed } from "../gate/failed.js"
import { adoptPolicy } from "../release/policy/adopt.js"
import { changeFile } from "../release/policy/change.js"
import { policyDigest, policyOf } from "../release/policy/policy.js"
import { readPolicyHistory } from "../release/policy/require.js"
import { adoptionScreen, differenceScreen, historyOfPolicies, policyScreen } from "../release/policy/screen.js"
import { readSettings } from "../source.js"
import { traitsOf } from "../targets/registry.js"
import { withModuleLedger } from "./open-ledger.js"

interface Asked {
  env: string
  ledger: Secret | undefined
}

export async function policyShow(source: Directory, { env, ledger: secret }: Asked): Promise<string> {
  const settings = await readSettings(source)
  const policy = policyOf(settings, env)
  if (secret === undefined && !traitsOf(environmentSettings(settings, env).target).keepsLedger)
    return policyScreen(policy, null)
  return withModuleLedger(source, secret, env, async (ledger) =>
    policyScreen(policy, await readPolicyHistory(ledger, env)),
  )
}

export function policyDiff(source: Directory, { env, ledger: secret }: Asked): Promise<string> {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const { inForce } = await readPolicyHistory(ledger, env)
    const policy = policyOf(settings, env)
    return requirePassed(
      "policy",
      inForce === null || inForce.digest === policyDigest(policy),
      differenceScreen(inForce?.policy ?? null, policy),
    )
  })
}

export function policyChange(source: Directory, { env, ledger: secret }: Asked): Promise<File> {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const { inForce } = await readPolicyHistory(ledger, env)
    return dag
      .directory()
      .withNewFile("change.json", changeFile(inForce?.policy ?? null, policyOf(settings, env)))
      .file("change.json")
  })
}

export function policyAdopt(
  source: Directory,
  {
    env,
    ledger: secret,
    approval,
    ...given
  }: Asked & { fingerprint: string; approval: File[] | undefined; reason: string; who: string },
): Promise<string> {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const approvals = await Promise.all((approval ?? []).map((file) => file.contents()))
    const who = given.who === "" ? "dagger call" : given.who
    return adoptionScreen(await adoptPolicy(settings, { ...given, environment: env, approvals, who }, ledger))
  })
}

export function policyHistory(source: Directory, { env, ledger: secret }: Asked): Promise<string> {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const history = await readPolicyHistory(ledger, env)
    return requirePassed("policy", history.problems.length === 0, historyOfPolicies(policyOf(settings, env), history))
  })
}
