import { gateArguments, HEADER, type Wrapper } from "./wrapper.js"

export const SHELL_FILE = "ci/tollgate.sh"

/** For any other CI: it needs the dagger CLI, Docker and git. */
export function shellScript(wrapper: Wrapper): string {
  const gates = gateArguments(wrapper)
    .map((argument) => ` ${argument}`)
    .join("")
  return `#!/bin/sh
# ${HEADER}
# usage: ci/tollgate.sh [REVISION TO COMPARE WITH]
set -eu
cd "$(git rev-parse --show-toplevel)"
tollgate=${wrapper.module}
base=
if [ -n "\${1:-}" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  before=$(git merge-base "$1" HEAD)
  git clone --quiet --no-checkout . "$folder/base"
  git -C "$folder/base" checkout --quiet --detach "$before"
  base=--base=$folder/base
fi
dagger -m "$tollgate" call --source=. ci-report \${base:+"$base"} --revision="$(git rev-parse HEAD)"${gates} export --path=tollgate-report/ci
dagger -m "$tollgate" call --source=. ci-verdict --report=tollgate-report/ci
`
}
