import { parseSettings } from "../../core/config/parse.js"
import { githubWorkflow } from "../../core/init/github.js"
import { wrapperOf } from "../../core/init/wrapper.js"

const IMAGES = {
  github: "ghcr.io/acme/shop",
  aws: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop",
  google: "europe-west1-docker.pkg.dev/acme/pay/shop",
  azure: "acmeshop.azurecr.io/shop",
}

/** The workflow for each registry that a job logs in to without a stored password, by path. */
export function registryWorkflows(settings: string, image: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(IMAGES).map(([kind, name]) => {
      const wrapper = wrapperOf(parseSettings(settings.replace(image, name)), {
        module: "github.com/acme/tollgate@0123456",
        dagger: "0.21.8",
      })
      return [`.github/workflows/registry-${kind}.yml`, githubWorkflow(wrapper)]
    }),
  )
}
