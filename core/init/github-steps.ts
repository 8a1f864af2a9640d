import type { Stamped, Wrapper } from "./wrapper.js"

/** Each commit was read from a copy of the action's repository, under the tag beside it. */
export const ACTIONS = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  upload: "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
  download: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  cacheRestore: "actions/cache/restore@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5",
  cacheSave: "actions/cache/save@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5",
  aws: "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3",
  ecr: "aws-actions/amazon-ecr-login@03f1aad4c6c7ffd436567f42f9384779290529bd # v2.1.7",
  google: "google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0",
  azure: "azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca # v3.0.1",
  dagger: "dagger/dagger-for-github@27b130bf0f79a7f6fbbbe0fbca6760dc9bb40a77 # v8.4.1",
} as const

export const STAMPED: Stamped = {
  revision: '"$GITHUB_SHA"',
  repository: "source",
  sourceUrl: '"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"',
}

export function checkout(path: string): string {
  return `      - name: Source
        uses: ${ACTIONS.checkout}
        with:
          path: ${path}
          persist-credentials: false
`
}

export function installDagger({ dagger }: Wrapper): string {
  return `      - name: Install the dagger CLI
        uses: ${ACTIONS.dagger}
        with:
          version: "${dagger}"
`
}

export function environmentSecrets(names: readonly string[]): string {
  return names.map((name) => `          ${name}: \${{ secrets.${name} }}\n`).join("")
}
