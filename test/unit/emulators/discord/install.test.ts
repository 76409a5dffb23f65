import { PermissionFlagsBits, Routes } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID as GUILD } from '../../../../emulators/defaults.ts'
import type { DiscordState } from '../../../../emulators/discord/index.ts'
import { rejection, useDiscord } from '../support/emulators.ts'

const discord = useDiscord()
const link = (query: Record<string, string> = {}) =>
  `${discord.url}/oauth2/authorize?${new URLSearchParams({ client_id: DISCORD_CLIENT_ID, scope: 'bot', permissions: '1040', ...query })}`
const authorize = (url: string, choice: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(choice), redirect: 'manual' })
const guilds = async () => (await discord.control.state<DiscordState>()).guilds

describe('the install page', () => {
  it('lists the user\'s servers, and adds the bot to a new one', async () => {
    expect(await (await fetch(link())).text()).toContain('Atelier Playground')
    const done = await authorize(link(), { guild: 'new', name: 'My <course>' })
    expect(done.status).toBe(200)
    expect(await done.text()).toContain('My &lt;course&gt;')
    expect((await guilds())[1]).toMatchObject({ name: 'My <course>', bot: { permissions: '1040' } })
    expect(await discord.rest().get(Routes.userGuilds())).toHaveLength(2)
  })

  it('adds a removed bot again, with the permissions of the link', async () => {
    await discord.control.settings({ kick: [GUILD] })
    expect(await rejection(discord.rest().get(Routes.guildChannels(GUILD)))).toMatchObject({ code: 50_001 })
    const permissions = String(PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ManageRoles)
    await authorize(link({ permissions }), { guild: GUILD })
    await discord.rest().get(Routes.guildChannels(GUILD))
    expect((await guilds())[0]?.bot).toEqual({ permissions: String(1024n | PermissionFlagsBits.ManageRoles) })
    expect((await guilds())[0]?.roles.filter(role => role.managed)).toHaveLength(1)
  })

  it('redirects with Discord\'s parameters', async () => {
    const query = { redirect_uri: 'http://127.0.0.1:9/back?x=1', response_type: 'code', state: 'course-1' }
    const answer = await authorize(link(query), { guild: GUILD })
    expect(answer.status).toBe(302)
    const { searchParams } = new URL(answer.headers.get('location') ?? '')
    expect(Object.fromEntries(searchParams)).toEqual({
      x: '1',
      code: expect.stringMatching(/^\w{30}$/),
      state: 'course-1',
      guild_id: GUILD,
      permissions: '1040',
    })
  })

  it('offers only the server of the link when the link fixes it', async () => {
    const fixed = link({ guild_id: GUILD, disable_guild_select: 'true' })
    expect(await (await fetch(fixed)).text()).not.toContain('Create a new server')
    await authorize(fixed, { guild: 'new' })
    expect(await guilds()).toHaveLength(1)
  })

  it('refuses links that Discord refuses', async () => {
    const invalid: Record<string, string>[] = [
      { client_id: '7' },
      { permissions: 'x' },
      { scope: 'email' },
      { redirect_uri: 'http://127.0.0.1:9/' },
      { redirect_uri: 'javascript:alert(1)', response_type: 'code' },
    ]
    for (const query of invalid) {
      expect((await fetch(link(query))).status, JSON.stringify(query)).toBe(400)
    }
    expect((await authorize(link(), { guild: '7' })).status).toBe(400)
  })
})

it('shows the users that can see each channel', async () => {
  const rest = discord.rest()
  const lab = await rest.post(Routes.guildRoles(GUILD), { body: { name: 'Lab <1>' } }) as { id: string }
  const body = { name: 'lab-1', permission_overwrites: [{ id: GUILD, type: 0, deny: '1024' }, { id: lab.id, type: 0, allow: '1024' }] }
  const { id } = await rest.post(Routes.guildChannels(GUILD), { body }) as { id: string }
  for (const path of ['', `/channels/${GUILD}`, `/channels/${GUILD}/${id}`]) {
    expect((await fetch(discord.url + path)).status).toBe(200)
  }
  expect(await (await fetch(`${discord.url}/channels/${GUILD}`)).text()).toContain('only Lab &lt;1&gt;')
  expect((await fetch(`${discord.url}/channels/7`)).status).toBe(404)
})
