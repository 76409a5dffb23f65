import { unpackChromium } from './chromium.ts'

/** Before the suites, so that no test's time is spent on it. */
export default async function setup() {
  await unpackChromium()
}
