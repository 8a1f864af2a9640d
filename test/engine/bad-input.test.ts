import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { proveSource } from "../../core/qa/prove.js"
import { validateListedFiles } from "../../core/qa/validate.js"
import { appFolder, readSettings } from "../../core/source.js"
import { prove, service } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

describe("a clear error, and nothing is run, for", () => {
  test("a source without tollgate.yaml", async () => {
    await expect(proveSource(dag.directory(), { suites: [], run: "", secrets: undefined })).rejects.toMatchObject({
      code: "settings-missing",
      message: expect.stringContaining("No tollgate.yaml at the top of the source"),
    })
  })

  test("an empty tollgate.yaml", async () => {
    await expect(prove({ "tollgate.yaml": "" })).rejects.toMatchObject({ code: "settings" })
  })

  test("a tollgate.yaml that lists no suite", async () => {
    const none = (text: string) => text.replace(/suites:[^]*coverage:/, "suites: {}\n  coverage:")
    await expect(prove({ "tollgate.yaml": none })).rejects.toMatchObject({
      code: "settings",
      message: expect.stringContaining("lists no suite: nothing would be proven"),
    })
  })

  test("several mistakes in tollgate.yaml: all of them, each with its place", async () => {
    const wrong = (text: string) => text.replace("timeout: 60s", "timeout: 60").replace("threshold: 90", "treshold: 90")
    await expect(prove({ "tollgate.yaml": wrong })).rejects.toMatchObject({
      message: expect.stringMatching(
        /tollgate\.yaml:7:12 .*qa\.timeout[^]*tollgate\.yaml:\d+:5 .*qa\.coverage\.treshold[^]*threshold/,
      ),
    })
  })

  test("an app folder that is not there", async () => {
    await expect(
      prove({ "tollgate.yaml": (text) => text.replace("app:\n", "app:\n  path: services/payments\n") }),
    ).rejects.toMatchObject({
      code: "app-missing",
      message: expect.stringContaining("The source has no folder services/payments"),
    })
  })

  test("a suite that tollgate.yaml does not have, saying which it has", async () => {
    await expect(prove({}, ["e2e", "smoke"])).rejects.toMatchObject({
      code: "suite-unknown",
      message: expect.stringMatching(/no suite smoke[^]*It has: e2e, webhook/),
    })
    await expect(prove({}, ["webhooks"])).rejects.toMatchObject({
      message: expect.stringContaining("Did you mean webhook? "),
    })
  })

  test("dependency files that are not there", async () => {
    await expect(prove({ "requirements.txt": null })).rejects.toMatchObject({
      code: "dependencies-missing",
      message: expect.stringContaining("requirements.txt"),
    })
  })

  test("a requirements file that does not resolve, with what pip said", async () => {
    await expect(prove({ "requirements.txt": "pytest==8.4.2\npluggy==0.1.0\n" })).rejects.toMatchObject({
      code: "installation-failed",
      message: expect.stringMatching(/pip install -r requirements\.txt[^]*(conflict|No matching distribution)/i),
    })
  })

  test("a required secret that was not passed, by its name alone", async () => {
    const asks = (text: string) => text.replace("qa:\n", "qa:\n  secrets: [ECPAY_HASH_KEY, ECPAY_HASH_IV]\n")
    const secrets = dag.setSecret("bad-input", "ECPAY_HASH_KEY=pwFHCqoQZGmho4w6\n")
    await expect(prove({ "tollgate.yaml": asks }, [], secrets)).rejects.toMatchObject({
      code: "secrets-missing",
      message: expect.stringMatching(/^(?![^]*pwFHCqoQZGmho4w6)[^]*does not hold ECPAY_HASH_IV\./),
    })
  })

  test("a secret that is missing beside lines that dotenv skips: the lines by number alone", async () => {
    const asks = (text: string) => text.replace("qa:\n", "qa:\n  secrets: [ECPAY_HASH_KEY]\n")
    const secrets = dag.setSecret("bad-input-2", "# key\nECPAY_HASH_KEY pwFHCqoQZGmho4w6\n")
    await expect(prove({ "tollgate.yaml": asks }, [], secrets)).rejects.toMatchObject({
      code: "secrets-missing",
      message: expect.stringMatching(
        /^(?![^]*pwFHCqoQZGmho4w6)[^]*does not hold ECPAY_HASH_KEY\. Skipped, because they are no assignment: line 2\./,
      ),
    })
  })

  test("a secret that is given twice, by its lines alone", async () => {
    const asks = (text: string) => text.replace("qa:\n", "qa:\n  secrets: [ECPAY_HASH_KEY]\n")
    const secrets = dag.setSecret(
      "bad-input-3",
      "ECPAY_HASH_KEY=pwFHCqoQZGmho4w6\nOTHER=1\nECPAY_HASH_KEY=EkRm7iFT261dpevs\n",
    )
    await expect(prove({ "tollgate.yaml": asks }, [], secrets)).rejects.toMatchObject({
      code: "secrets-repeated",
      message: expect.stringMatching(/^(?![^]*(pwFHC|EkRm7))[^]*ECPAY_HASH_KEY \(lines 1, 3\)/),
    })
  })
})

describe("validate", () => {
  const validate = async (changes: Parameters<typeof service>[0]) => {
    const source = service(changes)
    const settings = await readSettings(source)
    return validateListedFiles(settings, await appFolder(source, settings))
  }

  test("says what was checked", async () => {
    expect(await validate({})).toBe("tollgate.yaml is valid: 2 suites, 5 files, all of them there.\n")
  })

  test("names every listed file that is missing, with its place in tollgate.yaml", async () => {
    await expect(validate({ "tests/test_rules.py": null, "tests/test_retry.py": null })).rejects.toMatchObject({
      code: "files-missing",
      message: expect.stringMatching(
        /qa\.suites\.e2e\.files\[1\] {2}tests\/test_rules\.py\n {2}qa\.suites\.webhook\.files\[0\] {2}tests\/test_retry\.py/,
      ),
    })
  })
})
