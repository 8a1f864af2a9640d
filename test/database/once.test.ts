import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { runProgram } from "../../core/shared/run-program.js"
import { useEngine } from "../engine/session.js"

useEngine()

const SCRIPT = readFileSync(new URL("../../core/database/python/tollgate_once.py", import.meta.url), "utf8")

/** Starts a program that does `work` under a claim, and writes down on a volume that it did. */
function start(claim: string, work: string) {
  const program = `
import json, os, sys, time
sys.path.insert(0, "/opt")
from tollgate_once import LeftNoAnswer, once

def work():
    with open("/claims/done-${claim}", "a") as file:
        file.write("done\\n")
    ${work}
    return {"by": sys.argv[1]}

try:
    answer = once("/claims/all", "${claim}", work)
except LeftNoAnswer:
    answer = "none"
print(json.dumps([answer, len(open("/claims/done-${claim}").readlines())]))
`
  const container = dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/opt/tollgate_once.py", SCRIPT)
    .withMountedCache("/claims", dag.cacheVolume("tollgate-test-claims"))
  return runProgram(container, ["python", "-c", program, randomUUID()])
}

test("a move of a database that the engine starts three times is done once, and all three know how it went", async () => {
  const claim = randomUUID()
  const all = await Promise.all([1, 2, 3].map(() => start(claim, "time.sleep(1)")))
  const answers = all.map(({ out }) => JSON.parse(out))
  expect(answers[0]).toEqual([{ by: expect.any(String) }, 1])
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
})

test("one that was killed is not done again: it left no answer", async () => {
  const claim = randomUUID()
  const killed = await start(claim, "os.kill(os.getpid(), 9)")
  expect(killed).toMatchObject({ code: 137, out: "", after: null })
  expect(JSON.parse((await start(claim, "pass")).out)).toEqual(["none", 1])
})
