import type { BaseImage } from "./image.js"

export const debian: BaseImage = {
  names: ["debian:bookworm-slim", "debian:bookworm", "debian:12", "debian:12-slim"],
  definedIn: [import.meta.filename],
  build: (base) => base.withDefaultArgs(["bash"]),
}
