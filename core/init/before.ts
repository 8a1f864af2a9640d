import type { Decision } from "./findings.js"
import type { RepositoryFiles } from "./repository.js"

/** Files that start tests, or that people start before them. */
const STARTS =
  /(^\.github\/workflows\/|^\.circleci\/|(^|\/)(\.gitlab-ci\.yml|\.travis\.yml|bitbucket-pipelines\.yml|Makefile|justfile|tox\.ini)$|\.sh$)/

/** Commands that the suites need before them: alembic's, where the team's own files run it. */
export function findBefore(
  { texts }: RepositoryFiles,
  migrations: "alembic" | "django" | null,
  postgres: boolean,
): Decision<readonly string[]> {
  if (migrations !== "alembic" || !postgres) return { value: [], why: "" }
  const runs = [...texts].find(([path, text]) => STARTS.test(path) && /\balembic\s+upgrade\s+heads?\b/.test(text))
  if (runs === undefined) return { value: [], why: "" }
  return { value: ["alembic upgrade head"], why: `${runs[0]} runs it; leave it out where the tests make their tables` }
}
