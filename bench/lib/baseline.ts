import { DISCORD_BOT_TOKEN, DISCORD_GUILD_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'

interface Addresses { github: { apiUrl: string }, discord: { apiUrl: string } }
interface Created { id: string, sha: string, object: { sha: string } }

const FILES = ['README.md', 'syllabus.md', 'CONTRIBUTING.md', '.github/pull_request_template.md', 'assignments/TEMPLATE.md']

async function call(url: string, authorization: string, method: string, body?: unknown): Promise<Created> {
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
  return await response.json() as Created
}

/**
 * The baseline: the fastest way to create the resources of a course. Each call starts as soon as its inputs exist,
 * without a workflow and without a database.
 */
export async function createCourseDirectly({ github, discord }: Addresses, slug: string, groups: number): Promise<void> {
  const callGitHub = (method: string, path: string, body?: unknown) =>
    call(github.apiUrl + path, `token ${GITHUB_TOKEN}`, method, body)
  const callDiscord = (method: string, path: string, body?: unknown) =>
    call(`${discord.apiUrl}/v10${path}`, `Bot ${DISCORD_BOT_TOKEN}`, method, body)
  const guild = `/guilds/${DISCORD_GUILD_ID}`
  const numbers = Array.from({ length: groups }, (_, index) => index + 1)

  async function createRepo(name: string) {
    await callGitHub('POST', `/orgs/${GITHUB_ORG}/repos`, { name, private: true, auto_init: true })
    const repo = `/repos/${GITHUB_ORG}/${name}`
    const protection = {
      required_status_checks: null,
      enforce_admins: false,
      required_pull_request_reviews: { required_approving_review_count: 1 },
      restrictions: null,
    }
    await Promise.all([callGitHub('PUT', `${repo}/branches/main/protection`, protection), commitFiles(repo)])
  }

  async function commitFiles(repo: string) {
    const entries = FILES.map(path =>
      ({ path, mode: '100644', type: 'blob', content: `# ${path}\n\n${'Text. '.repeat(60)}\n` }))
    const [tree, head] = await Promise.all([
      callGitHub('POST', `${repo}/git/trees`, { tree: entries }),
      callGitHub('GET', `${repo}/git/ref/heads/main`),
    ])
    const seed = { message: 'Seed', tree: tree.sha, parents: [head.object.sha] }
    const commit = await callGitHub('POST', `${repo}/git/commits`, seed)
    await callGitHub('PATCH', `${repo}/git/refs/heads/main`, { sha: commit.sha })
  }

  async function createChannels() {
    await callDiscord('GET', '/users/@me/guilds')
    await Promise.all([callDiscord('GET', `${guild}/channels`), callDiscord('GET', `${guild}/roles`)])
    const category = await callDiscord('POST', `${guild}/channels`, { name: slug, type: 4 })
    await Promise.all(numbers.map(async (number) => {
      const role = await callDiscord('POST', `${guild}/roles`, { name: `${slug} ${number}`, permissions: '0' })
      await callDiscord('POST', `${guild}/channels`, {
        name: `group-${number}`,
        type: 0,
        parent_id: category.id,
        permission_overwrites: [
          { id: DISCORD_GUILD_ID, type: 0, deny: '1024', allow: '0' },
          { id: role.id, type: 0, allow: '1024', deny: '0' },
        ],
      })
    }))
  }

  await Promise.all([createChannels(), ...numbers.map(number => createRepo(`${slug}-group-${number}`))])
}
