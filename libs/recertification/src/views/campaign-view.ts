import type { Instant } from '@catena/domain'
import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import type { CampaignEvent } from '../campaign/events.js'
import { evolveCampaign } from '../campaign/evolve.js'
import { isLaunched, type CampaignState } from '../campaign/state.js'
import type { DefinitionEvent } from '../definition/decider.js'
import { hasClosed } from '../item/context.js'

/** Definitions, campaigns as they stand, and the populations that events named. */
export const campaignView: DecisionView = {
  name: 'campaigns',
  version: '4',
  clear: async (client) => {
    await client.query(
      `DELETE FROM campaign; DELETE FROM campaign_definition; DELETE FROM campaign_population;
       DELETE FROM campaign_course`,
    )
  },
  apply: async (client, decisions) => {
    for (const decision of decisions) {
      if (decision.stream.startsWith('campaign-definition:'))
        await applyDefinition(client, decision as unknown as Recorded<DefinitionEvent>)
      if (decision.stream.startsWith('campaign:'))
        await applyCampaign(client, decision as unknown as Recorded<CampaignEvent>)
    }
  },
}

type Recorded<Event> = Omit<RecordedDecision, 'event'> & { readonly event: Event }

async function applyDefinition(client: pg.ClientBase, { event, by }: Recorded<DefinitionEvent>): Promise<void> {
  if (event.type === 'CampaignDefinitionRetired') {
    await client.query('UPDATE campaign_definition SET retired = TRUE WHERE id = $1', [event.data.id])
    return
  }
  if (event.type === 'CampaignOccurrencesHandled') return
  const { id, version, definition } = event.data
  await client.query(
    `INSERT INTO campaign_definition (id, version, definition, defined_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET version = $2, definition = $3, retired = FALSE, defined_at = $4`,
    [id, version, JSON.stringify(definition), by.at],
  )
}

async function applyCampaign(client: pg.ClientBase, { stream, event, position, by }: Recorded<CampaignEvent>): Promise<void> {
  const id = stream.slice('campaign:'.length)
  const { rows } = await client.query<{ state: CampaignState }>('SELECT state FROM campaign WHERE id = $1', [id])
  const state = evolveCampaign(rows[0]?.state ?? { status: 'draft' }, event, by)
  if (state.status === 'draft') return
  await client.query(
    `INSERT INTO campaign (id, definition, status, scheduled_for, position, state) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET status = $3, position = $5, state = $6`,
    [id, state.definitionId, state.status, state.scheduledFor, position, JSON.stringify(state)],
  )
  if (event.type === 'PopulationFrozen' || event.type === 'CampaignSupplemented')
    await client.query(
      'INSERT INTO campaign_population (population, campaign, position, at_us) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [event.data.frozen.population, id, position, microseconds(by.at)],
    )
  await noteCourse(client, id, courseOf(state), { position, at: by.at })
} // prettier-ignore

/** Whether it still asks, and until when. What was voided says nothing of any access. */
type Course = { readonly status: 'asking' | 'closed' | 'voided'; readonly answerBy?: Instant }

function courseOf(state: CampaignState): Course {
  if (state.status === 'voided') return { status: 'voided' }
  if (hasClosed(state)) return { status: 'closed' }
  return { status: 'asking', ...(isLaunched(state) ? { answerBy: state.graceUntil } : {}) }
}

/** A row only where the course became another. */
async function noteCourse(
  client: pg.ClientBase,
  campaign: string,
  course: Course,
  { position, at }: { readonly position: number; readonly at: Instant },
): Promise<void> {
  await client.query(
    `INSERT INTO campaign_course (campaign, position, at_us, course)
     SELECT $1, $2, $3, $4::jsonb WHERE $4::jsonb IS DISTINCT FROM
       (SELECT course FROM campaign_course WHERE campaign = $1 ORDER BY position DESC LIMIT 1)`,
    [campaign, position, microseconds(at), JSON.stringify(course)],
  )
}

function microseconds(at: Instant): number {
  return Math.round(at * 1000)
}
