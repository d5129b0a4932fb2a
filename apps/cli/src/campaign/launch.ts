import { launchCampaign, loadCampaign, scheduleCampaign } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { lineOf } from './show.js'
import { agreed, decidedHere, withDesk } from './with-desk.js'

export async function launchNow(
  context: CliContext,
  definition: string,
  cause: string,
  by: string | undefined,
): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const decided = decidedHere(context, by)
    const { id } = agreed(await scheduleCampaign(desk, { definition, cause, at: decided.at }, decided))
    agreed(await launchCampaign(desk, id, decided))
    context.stdout.write(lineOf(await loadCampaign(desk, id)))
    return EXIT.ok
  })
}
