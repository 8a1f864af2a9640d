import { expect, test } from "vitest"
import { chosenNames } from "../../core/config/chosen-names.js"

const known = ["e2e", "regression", "webhook"]

test("who asks for nothing gets all, in the order of tollgate.yaml", () =>
  expect(chosenNames("suite", known, [])).toEqual(known))

test("who asks for some gets those, in the order of tollgate.yaml, however often they were named", () =>
  expect(chosenNames("suite", known, ["webhook", "e2e", "webhook"])).toEqual(["e2e", "webhook"]))

test("unknown names are all reported, with the probable ones and all that exist", () =>
  expect(() => chosenNames("suite", known, ["webhooks", "e2e", "smoke"])).toThrow(
    expect.objectContaining({
      code: "suite-unknown",
      message: expect.stringContaining("tollgate.yaml has no suite webhooks, smoke."),
      next: "Did you mean webhook? It has: e2e, regression, webhook.",
    }),
  ))

test("where nothing is near, nothing is suggested", () =>
  expect(() => chosenNames("scenario", ["checkout"], ["zzz"])).toThrow(
    expect.objectContaining({ code: "scenario-unknown", next: "It has: checkout." }),
  ))
