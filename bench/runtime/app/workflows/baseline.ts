/** The runtime alone: five steps without work. */
export async function baselineRun() {
  'use workflow'
  await first()
  await second()
  await third()
  await fourth()
  await fifth()
}

async function first() {
  'use step'
}

async function second() {
  'use step'
}

async function third() {
  'use step'
}

async function fourth() {
  'use step'
}

async function fifth() {
  'use step'
}
