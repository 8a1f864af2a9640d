import { z } from "zod"
import { quote } from "../../shared/shell-words.js"
import { INSIDE } from "./names.js"

/** What `docker image inspect` says of how an image is started. */
export const imageConfig = z.object({
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  User: z.string().nullish(),
  Shell: z.array(z.string()).nullish(),
  Healthcheck: z
    .object({
      Test: z.array(z.string()).nullish(),
      Interval: z.number().nullish(),
      Timeout: z.number().nullish(),
      StartPeriod: z.number().nullish(),
      Retries: z.number().nullish(),
    })
    .nullish(),
})

export type ImageConfig = z.output<typeof imageConfig>

/** Whom the file with a release's variables is for. */
export interface Owner {
  readonly user: number
  readonly group: number
}

/** Where the image's USER says both as numbers; null: only the image itself knows. */
export function ownerOf({ User }: ImageConfig): Owner | null {
  const [, user, group] = /^(\d+):(\d+)$/.exec(User ?? "") ?? []
  return user === undefined || group === undefined ? null : { user: Number(user), group: Number(group) }
}

/** The image's own program, or another one in place of its command; null: it has none. */
export function programOf({ Entrypoint, Cmd }: ImageConfig, command: readonly string[] | null): string[] | null {
  const program = [...(Entrypoint ?? []), ...(command ?? Cmd ?? [])]
  return program.length === 0 ? null : program
}

/**
 * The image's own check, with the service's variables: without them, one that asks the service's database would fail. Nothing
 * for an image that has none.
 */
export function healthOptions({ Healthcheck, Shell }: ImageConfig): string[] {
  const [kind, ...rest] = Healthcheck?.Test ?? []
  const line = kind === "CMD-SHELL" ? (rest[0] ?? "") : rest.map(quote).join(" ")
  if ((kind !== "CMD" && kind !== "CMD-SHELL") || line === "") return []
  const inner = kind === "CMD-SHELL" ? `${(Shell ?? ["/bin/sh", "-c"]).map(quote).join(" ")} ${quote(line)}` : line
  return ["--health-cmd", `/bin/sh ${INSIDE}/start ${inner}`]
}
