import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { throttle } from '../../../../app/utils/throttle.ts'

describe('throttle', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('works at once, and once more for all triggers in between', async () => {
    const work = vi.fn(async () => {})
    const { trigger } = throttle(work, 500)
    for (let i = 0; i < 10; i++) trigger()
    expect(work).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(work).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(5000)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('never works twice at the same time, however slow the work is', async () => {
    let active = 0
    let most = 0
    const { trigger } = throttle(async () => {
      most = Math.max(most, ++active)
      await new Promise(resolve => setTimeout(resolve, 2000))
      active--
    }, 100)
    for (let i = 0; i < 50; i++) {
      trigger()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(most).toBe(1)
  })

  it('does nothing any more once it was stopped', async () => {
    const work = vi.fn(async () => {})
    const { trigger, stop } = throttle(work, 500)
    trigger()
    trigger()
    stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(work).toHaveBeenCalledTimes(1)
  })
})
