import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gather } from '../../../../app/utils/gather.ts'

describe('gather', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('works at once, and once more for all that was asked meanwhile', async () => {
    const work = vi.fn(async () => {})
    const { ask } = gather(work, 500)
    for (let i = 0; i < 10; i++) ask()
    expect(work).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(work).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(5000)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('never works twice at the same time, however slow the work is', async () => {
    let active = 0
    let most = 0
    const { ask } = gather(async () => {
      most = Math.max(most, ++active)
      await new Promise(resolve => setTimeout(resolve, 2000))
      active--
    }, 100)
    for (let i = 0; i < 50; i++) {
      ask()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(most).toBe(1)
  })

  it('does nothing any more once it was stopped', async () => {
    const work = vi.fn(async () => {})
    const { ask, stop } = gather(work, 500)
    ask()
    ask()
    stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(work).toHaveBeenCalledTimes(1)
  })
})
