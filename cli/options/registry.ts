import { secret, text, textOr } from "./option.js"

export const registryOptions = {
  registryUser: textOr("", "user of the registry", { usual: "image.registry.user" }),
  registryPassword: secret("password or token of the registry"),
  registryService: text("a registry that only the caller's machine can reach, used for the host of image.name", {
    form: "tcp://HOST:PORT",
    usual: "the registry is reached through the engine's own network",
  }),
}
