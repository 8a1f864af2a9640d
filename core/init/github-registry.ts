import { ACTIONS } from "./github-steps.js"
import type { RegistryLogin } from "./registry-login.js"
import { VARIABLES, type Wrapper } from "./wrapper.js"

/** What a job needs to log in, beside reading the source. */
export function registryPermissions({ registry }: Wrapper): string {
  switch (registry?.kind) {
    case "github":
      return "      packages: write\n"
    case "aws":
    case "google":
    case "azure":
      return "      # for a short-lived login of the registry\n      id-token: write\n"
    default:
      return ""
  }
}

/**
 * Steps that leave a login for `registryEnvironment`; none where the job has one already.
 *
 * @param when a line with the condition of each step; empty: always
 */
export function registrySteps({ registry }: Wrapper, when: string): string {
  switch (registry?.kind) {
    case "aws":
      return `      - name: Log in to AWS
${when}        uses: ${ACTIONS.aws}
        with:
          role-to-assume: \${{ vars.TOLLGATE_AWS_ROLE }}
          aws-region: ${registry.region}
      - name: Log in to the registry
        id: registry
${when}        uses: ${ACTIONS.ecr}
        with:
          registries: "${registry.account}"
`
    case "google":
      return `      - name: Log in to Google Cloud
        id: registry
${when}        uses: ${ACTIONS.google}
        with:
          workload_identity_provider: \${{ vars.TOLLGATE_GOOGLE_PROVIDER }}
          service_account: \${{ vars.TOLLGATE_GOOGLE_ACCOUNT }}
          token_format: access_token
          create_credentials_file: false
          export_environment_variables: false
`
    case "azure":
      return `      - name: Log in to Azure
${when}        uses: ${ACTIONS.azure}
        with:
          client-id: \${{ vars.TOLLGATE_AZURE_CLIENT }}
          tenant-id: \${{ vars.TOLLGATE_AZURE_TENANT }}
          subscription-id: \${{ vars.TOLLGATE_AZURE_SUBSCRIPTION }}
      - name: Log in to the registry
        id: registry
${when}        run: |
          token=$(az acr login --name ${registry.registry}${registry.suffix === "" ? "" : ` --suffix ${registry.suffix}`} --expose-token --query accessToken --output tsv)
          echo "::add-mask::$token"
          echo "password=$token" >> "$GITHUB_OUTPUT"
`
    default:
      return ""
  }
}

/** The login, as variables of the step that publishes. */
export function registryEnvironment({ registry }: Wrapper): string {
  if (registry === null) return ""
  const { user, password } = loginOf(registry)
  return `          ${VARIABLES.registryUser}: ${user}\n          ${VARIABLES.registryPassword}: ${password}\n`
}

function loginOf(registry: RegistryLogin): { user: string; password: string } {
  switch (registry.kind) {
    case "github":
      return { user: "${{ github.actor }}", password: "${{ secrets.GITHUB_TOKEN }}" }
    case "aws":
      return {
        user: "AWS",
        password: `\${{ steps.registry.outputs.docker_password_${registry.host.replace(/[^a-z0-9]+/g, "_")} }}`,
      }
    case "google":
      return { user: "oauth2accesstoken", password: "${{ steps.registry.outputs.access_token }}" }
    case "azure":
      // the user of every such token
      return { user: "00000000-0000-0000-0000-000000000000", password: "${{ steps.registry.outputs.password }}" }
    case "gitlab":
    case "stored":
      return {
        user: `\${{ secrets.${VARIABLES.registryUser} }}`,
        password: `\${{ secrets.${VARIABLES.registryPassword} }}`,
      }
  }
}
