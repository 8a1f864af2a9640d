import { randomUUID } from "node:crypto"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { identityOf } from "../../core/targets/sandbox/machine.js"
import { useEngine } from "../engine/session.js"

useEngine()

const NAME = "test-identity"

/** On the volume on which a host writes every two seconds that it is there. */
async function written(script: string): Promise<void> {
  await dag
    .container()
    .from("debian:bookworm-slim")
    .withMountedCache("/identity", dag.cacheVolume(`tollgate-${NAME}-identity`))
    .withEnvVariable("TOLLGATE_RUN", randomUUID())
    .withExec(["sh", "-c", script])
    .sync()
}

test("a sandbox is known again by its keys, whatever its host was writing down when it was killed", async () => {
  await written("rm -f /identity/alive")
  const first = await identityOf(NAME)
  expect(first.hostKey).toMatch(/^ssh-ed25519 /)
  expect(first.idle).toBeGreaterThan(1e9)
  await written(": >/identity/alive")
  expect(await identityOf(NAME)).toMatchObject({
    hostKey: first.hostKey,
    clientKey: first.clientKey,
    registryPassword: first.registryPassword,
  })
  await written("date +%s >/identity/alive")
  expect((await identityOf(NAME)).idle).toBeLessThan(120)
})
