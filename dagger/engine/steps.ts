/** Says what is being done and for how long, on a terminal (live) as well as in a log (a line now and then). */
export interface Steps {
  run<T>(name: string, work: () => Promise<T>): Promise<T>
}

export interface Screen {
  write(text: string): void
  isTTY: boolean
  columns: number
}

const heartbeatMs = 30_000

export function createSteps(screen: Screen, now: () => number = Date.now): Steps {
  return screen.isTTY ? liveSteps(screen, now) : loggedSteps(screen, now)
}

export function seconds(ms: number): string {
  const total = ms / 1000
  if (total < 60) return `${total.toFixed(1)} s`
  return `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`
}

function loggedSteps(screen: Screen, now: () => number): Steps {
  return {
    async run(name, work) {
      const started = now()
      screen.write(`» ${name}\n`)
      const heartbeat = setInterval(
        () => screen.write(`… ${name}: still running, ${seconds(now() - started)}\n`),
        heartbeatMs,
      )
      try {
        const result = await work()
        screen.write(`✓ ${name}  ${seconds(now() - started)}\n`)
        return result
      } catch (error) {
        screen.write(`✗ ${name}  ${seconds(now() - started)}\n`)
        throw error
      } finally {
        clearInterval(heartbeat)
      }
    },
  }
}

function liveSteps(screen: Screen, now: () => number): Steps {
  const running = new Map<symbol, { name: string; started: number }>()
  let drawn = 0
  const erase = () => {
    if (drawn > 0) screen.write(`\x1b[${drawn}A\x1b[0J`)
    drawn = 0
  }
  const draw = () => {
    erase()
    for (const { name, started } of running.values()) {
      screen.write(`» ${name}  ${seconds(now() - started)}`.slice(0, screen.columns - 1) + "\n")
    }
    drawn = running.size
  }
  let timer: NodeJS.Timeout | undefined
  return {
    async run(name, work) {
      const id = Symbol(name)
      const started = now()
      running.set(id, { name, started })
      timer ??= setInterval(draw, 200)
      draw()
      const finish = (sign: string) => {
        running.delete(id)
        erase()
        screen.write(`${sign} ${name}  ${seconds(now() - started)}\n`)
        if (running.size > 0) return draw()
        clearInterval(timer)
        timer = undefined
      }
      try {
        const result = await work()
        finish("✓")
        return result
      } catch (error) {
        finish("✗")
        throw error
      }
    },
  }
}
