import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  asExecError
} from "./shared.core.app.python.caches.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/run-program.ts
import { ReturnType } from "../sdk/index.ts";
async function runProgram(container, command, options = {}) {
  try {
    const after = await container.withExec(command, { ...options, expect: ReturnType.Any }).sync();
    const [code, out, err] = await Promise.all([after.exitCode(), after.stdout(), after.stderr()]);
    return { out, err, code, after };
  } catch (error) {
    const ended = asExecError(error);
    if (ended === null) throw error;
    return { out: ended.stdout, err: ended.stderr, code: ended.exitCode, after: null };
  }
}
__name(runProgram, "runProgram");

export {
  runProgram
};
