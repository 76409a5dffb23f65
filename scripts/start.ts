import { runCommand } from './lib/command.ts'
import { launch } from './lib/launcher.ts'
import { welcome } from './lib/welcome.ts'

await runCommand(async (stack) => {
  const launched = await launch({ mode: 'production', log: console.log }, stack)
  for (const line of await welcome(launched)) console.log(line)
  await launched.ended
  return 0
})
