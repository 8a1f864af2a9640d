import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  SshConnection
} from "./shared.core.release.target.ssh.connection.mjs";
import "./shared.core.release.target.ssh.access.mjs";
import "./shared.core.release.target.ssh.answer.mjs";
import "./shared.core.release.target.errors.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.runtime.mjs";
export {
  SshConnection
};
