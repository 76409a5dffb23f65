import { cardOf } from './card.ts'
import type { Space } from './records.ts'

/** A Space as `GET /api/spaces/:namespace/:name` answers it. */
export function spaceInfo(space: Space) {
  const cardData = cardOf(space.files['README.md'])
  const tags = Array.isArray(cardData?.tags) ? cardData.tags : []
  return {
    _id: space.objectId,
    id: space.id,
    author: space.id.split('/')[0],
    sha: space.commits[0]?.id,
    lastModified: space.commits[0]?.date,
    private: space.private,
    gated: false,
    disabled: false,
    tags: [space.sdk, ...tags, 'region:us'],
    sdk: space.sdk,
    cardData,
    subdomain: space.id.toLowerCase().replace(/[/._]/g, '-'),
    createdAt: space.createdAt,
    siblings: Object.keys(space.files).sort().map(rfilename => ({ rfilename })),
    runtime: { stage: 'NO_APP_FILE', hardware: { current: null, requested: null } },
  }
}
