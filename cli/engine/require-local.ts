import { TollgateError } from "../../core/shared/errors.js"
import type { Home } from "../../dagger/engine/home.js"
import { engineIsReady } from "../../dagger/engine/up.js"
import { chooseEngine, explainNone } from "./choose.js"
import { probe } from "./probe.js"

/** `engine up` needs its own prerequisites, whatever other engines are on the machine. */
export async function requireLocalEngine(home: Home): Promise<void> {
  if (await engineIsReady(home)) return
  const facts = { ...(await probe(home, {})), givenRunner: undefined, containerEngine: undefined }
  const choice = chooseEngine(facts)
  if (choice.kind !== "none") return
  const local = choice.missing.filter(({ way }) => way.startsWith("Without Docker"))
  throw new TollgateError(
    "engine.none",
    "The engine without Docker cannot run on this machine.",
    `Install what is missing:\n\n${explainNone({ kind: "none", missing: local })}`,
  )
}
