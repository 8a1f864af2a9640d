import { createWriteStream } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connection } from "@dagger.io/dagger"
import { afterAll, beforeAll } from "vitest"

/** One connection to the engine for all tests of a file: opening one for each would cost more than many a test. */
export function useEngine(): void {
  let close = (): void => undefined
  let closed: Promise<void> = Promise.resolve()
  beforeAll(async () => {
    const log = createWriteStream(join(tmpdir(), `tollgate-test-engine-${process.pid}.log`))
    await new Promise<void>((opened, failed) => {
      closed = connection(
        () =>
          new Promise<void>((done) => {
            close = done
            opened()
          }),
        { LogOutput: log },
      )
      closed.catch(failed)
    })
  })
  afterAll(async () => {
    close()
    await closed
  })
}
