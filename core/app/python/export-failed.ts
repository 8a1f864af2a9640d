import { TollgateError } from "../../shared/errors.js"
import type { ExecError } from "../../shared/exec-error.js"
import { quotedTail } from "../../shared/quoted-tail.js"
import { adviceOnPython } from "../installation-advice.js"
import type { Plan, ToolName } from "./plan.js"
import { toolVersion, uvProgram } from "./tools.js"

/** A package manager's program could not be installed, or refused the lockfile: in its own words. */
export function exportFailed(plan: Plan, tool: ToolName, { cmd, exitCode, stdout, stderr }: ExecError): TollgateError {
  const command = (cmd.at(-1) ?? "").replace(/ >\S+$/, "")
  const output = `${stdout}\n${stderr}`
  const said = quotedTail(output, 12)
  if (command.startsWith(uvProgram))
    return new TollgateError(
      "tool-unavailable",
      [`Could not install ${tool} ${toolVersion(tool)}, which reads ${plan.found}.`, "", ...said].join("\n"),
      "Nothing was installed. Make sure that the engine reaches the package index, and run again; or say how to install with app.dependencies.install.",
    )
  return new TollgateError(
    "lockfile-refused",
    [`${tool} refuses ${plan.found}: \`${command}\` ended with ${exitCode}.`, "", ...said].join("\n"),
    `Nothing was installed. ${
      adviceOnPython(output) ??
      `Make the lockfile match the project (\`${tool} lock\`) and commit it, or correct what tollgate.yaml says of groups and extras.`
    }`,
  )
}
