import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  SshConnection
} from "./shared.core.targets.ssh.connection.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.deferred.mjs";
import "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  SshConnection
};
