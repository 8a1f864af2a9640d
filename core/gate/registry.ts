import type { GateName } from "../config/gates.js"
import { migrations } from "../database/plan/gate.js"
import { ecpay } from "../ecpay/gate.js"
import { config } from "../environment/gate.js"
import { image } from "../image/gate.js"
import { load } from "../load/gate.js"
import { patchCoverage } from "../patch-coverage/gate.js"
import { test } from "../report/gate.js"
import { scan } from "../scan/gate.js"
import type { GateWork } from "./gate.js"

/** What each gate does. `docs/add-a-gate.md` says what belongs to one. */
export const works: { readonly [Name in GateName]: GateWork<Name> } = {
  config,
  test,
  "patch-coverage": patchCoverage,
  image,
  scan,
  migrations,
  load,
  ecpay,
}
