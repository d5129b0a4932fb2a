import type { ContradictedIn, Digest } from '../digest.js'

/** One message about all that somebody decided, owns or signed off: how many, never what. */
export function contradictedDigest(contradicted: readonly ContradictedIn[], url: string): Digest {
  const all = [...contradicted].sort((a, b) => (a.campaign < b.campaign ? -1 : 1))
  const items = all.reduce((sum, each) => sum + each.items, 0)
  const link = `${url}/review`
  return {
    type: 'decisions-contradicted',
    subject: `Later records speak against ${plural(items)} of a sealed campaign`,
    text: [
      `What became known after the seal speaks against ${plural(items)} that you made, own or signed off:`,
      '',
      ...all.map(({ name, items: some }) => `- ${name}: ${plural(some)}`),
      '',
      'The decisions and the sealed reports stay as they are. Who manages the campaign or audits it sees what speaks against them, and can ask again.',
      `Your own open work: ${link}`,
    ].join('\n'),
    link,
    due: [],
    contradicted: all,
  }
}

function plural(count: number): string {
  return `${count} ${count === 1 ? 'decision' : 'decisions'}`
}
