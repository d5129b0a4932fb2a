import { ask, OutsideFailed, readSecretFile, refusedBy, type GithubSystem } from '@catena/platform'
import type { Carrier } from './carrier.js'

/** GitHub: deletes Actions secrets of repositories, with a fine-grained token that has `secrets: write` on them. */
export function githubCarrier({ id, url, tokenFile, allow }: GithubSystem): Carrier {
  return {
    id,
    allow,
    carryOut: async (action, signal) => {
      if (action.do !== 'delete-secret') throw new OutsideFailed(`GitHub cannot ${action.do}`)
      const [owner = '', repository = ''] = action.repository.split('/')
      const parts = [owner, repository].map(encodeURIComponent).join('/')
      const answer = await ask({
        method: 'DELETE',
        url: new URL(`repos/${parts}/actions/secrets/${encodeURIComponent(action.secret)}`, url),
        headers: {
          authorization: `Bearer ${await readSecretFile(tokenFile)}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          'user-agent': 'catena',
        },
        signal,
      })
      if (answer.status === 204) return `GitHub deleted the secret ${action.secret}`
      // GitHub answers the same for a repository that the token may not see, so this is no end.
      throw refusedBy('GitHub', answer)
    },
  }
}
