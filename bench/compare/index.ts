import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { fromRoot } from '../../scripts/lib/root.ts'
import { type Figure, median } from '../lib/figures.ts'

const ROUNDS = 8

/**
 * Measures this checkout against an earlier one, by turns: both run, and one rests while the other works. So what else
 * the machine does hits both alike.
 * @param folder the earlier checkout, built, with its dependencies
 */
export async function benchAgainst(folder: string): Promise<Figure[]> {
  const earlier = await start(resolve(folder))
  const current = await start(fromRoot('.'))
  const rounds: { earlier: Figure[], current: Figure[] }[] = []
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const isEarlierFirst = round % 2 === 0
      const first = await measure(isEarlierFirst ? earlier : current)
      const second = await measure(isEarlierFirst ? current : earlier)
      // The first round warms both up.
      if (round > 0) rounds.push(isEarlierFirst ? { earlier: first, current: second } : { earlier: second, current: first })
    }
  }
  finally {
    await Promise.all([earlier, current].map(stop))
  }
  return rounds[0]!.current.map(({ name, unit }, n) => {
    const before = median(rounds.map(({ earlier }) => earlier[n]!.value))
    const now = median(rounds.map(({ current }) => current[n]!.value))
    const note = `${format(before)} → ${format(now)} ${unit}, medians of ${ROUNDS} turns`
    return { name, value: now / before, unit: '×', target: 1.05, note }
  })
}

const format = (value: number) => value.toFixed(value < 10 ? 2 : 0)

/** Starts a checkout with its own launcher and its own Node, in a process of its own. */
async function start(folder: string): Promise<ChildProcess> {
  const child = fork(fromRoot('bench', 'compare', 'checkout.ts'), { cwd: folder })
  await next(child)
  return child
}

async function measure(child: ChildProcess): Promise<Figure[]> {
  child.send('measure')
  return await next(child) as Figure[]
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.send('stop')
  await ended
}

async function next(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`A checkout ended with ${code}.`))),
    ])
    return message
  }
  finally {
    waiting.abort()
  }
}
