import { DISCORD_BOT_TOKEN, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'

interface Addresses { github: { apiUrl: string }, discord: { apiUrl: string } }
interface Made { id: string, sha: string, object: { sha: string } }

/**
 * The fastest way there is to make the same course: every call as soon as its inputs are
 * there, with no workflow, no database and nothing remembered.
 */
export async function makeBare({ github, discord }: Addresses, slug: string, groups: number): Promise<void> {
  const call = async (url: string, authorization: string, method: string, body?: unknown): Promise<Made> => {
    const response = await fetch(url, { method, headers: { authorization, 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
    return await response.json() as Made
  }
  const toGitHub = (method: string, path: string, body?: unknown) => call(github.apiUrl + path, `token ${GITHUB_TOKEN}`, method, body)
  const toDiscord = (method: string, path: string, body?: unknown) => call(`${discord.apiUrl}/v10${path}`, `Bot ${DISCORD_BOT_TOKEN}`, method, body)
  const guild = `/guilds/${DISCORD_GUILD_ID}`
  const numbers = Array.from({ length: groups }, (_, index) => index + 1)

  async function makeRepo(name: string) {
    await toGitHub('POST', `/orgs/${GITHUB_ORG}/repos`, { name, private: true, auto_init: true })
    const repo = `/repos/${GITHUB_ORG}/${name}`
    await Promise.all([
      toGitHub('PUT', `${repo}/branches/main/protection`, { required_status_checks: null, enforce_admins: false, required_pull_request_reviews: { required_approving_review_count: 1 }, restrictions: null }),
      seed(repo),
    ])
  }

  async function seed(repo: string) {
    const files = ['README.md', 'syllabus.md', 'CONTRIBUTING.md', '.github/pull_request_template.md', 'assignments/TEMPLATE.md']
    const [tree, head] = await Promise.all([
      toGitHub('POST', `${repo}/git/trees`, { tree: files.map(path => ({ path, mode: '100644', type: 'blob', content: `# ${path}\n\n${'Text. '.repeat(60)}\n` })) }),
      toGitHub('GET', `${repo}/git/ref/heads/main`),
    ])
    const commit = await toGitHub('POST', `${repo}/git/commits`, { message: 'Seed', tree: tree.sha, parents: [head.object.sha] })
    await toGitHub('PATCH', `${repo}/git/refs/heads/main`, { sha: commit.sha })
  }

  async function makeChannels() {
    await toDiscord('GET', '/users/@me/guilds')
    await Promise.all([toDiscord('GET', `${guild}/channels`), toDiscord('GET', `${guild}/roles`)])
    const category = await toDiscord('POST', `${guild}/channels`, { name: slug, type: 4 })
    await Promise.all(numbers.map(async (number) => {
      const role = await toDiscord('POST', `${guild}/roles`, { name: `${slug} ${number}`, permissions: '0' })
      await toDiscord('POST', `${guild}/channels`, {
        name: `group-${number}`, type: 0, parent_id: category.id,
        permission_overwrites: [{ id: DISCORD_GUILD_ID, type: 0, deny: '1024', allow: '0' }, { id: role.id, type: 0, allow: '1024', deny: '0' }],
      })
    }))
  }

  await Promise.all([makeChannels(), ...numbers.map(number => makeRepo(`${slug}-group-${number}`))])
}
