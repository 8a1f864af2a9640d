import { func, object } from "@dagger.io/dagger"
import { z } from "zod"

const shape = z.object({ name: z.string() })

/** Its function's type comes out of a package: a reader of the sources alone cannot know it. */
@object()
export class Leaning {
  @func()
  describe(): z.infer<typeof shape> {
    return shape.parse({ name: "zod" })
  }
}
