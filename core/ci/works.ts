import type { CiGate } from "../config/gates.js"
import { migrations } from "../database/plan/ci.js"
import { config } from "../environment/ci.js"
import type { CiWork } from "../gate/work.js"
import { image } from "../image/ci.js"
import { load } from "../load/ci.js"
import { patchCoverage } from "../patch-coverage/ci.js"
import { test } from "../report/ci.js"
import { scan } from "../scan/ci.js"

/** What each gate of `ci` does. */
export const works: { readonly [Gate in CiGate]: CiWork } = {
  config,
  test,
  "patch-coverage": patchCoverage,
  image,
  scan,
  migrations,
  load,
}
