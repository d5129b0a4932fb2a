import 'reflect-metadata'
import { Command } from 'commander'
import { registerArchive } from './archive.js'
import { registerAsk } from './ask.js'
import { registerCampaign } from './campaign.js'
import { registerDirectory } from './directory.js'
import { registerDoctor } from './doctor.js'
import { registerErase } from './erase.js'
import { registerFindings } from './findings.js'
import { registerIdentity } from './identity.js'
import { registerExport } from './export.js'
import { registerIngest } from './ingest.js'
import { registerInventory, registerLeaver } from './inventory.js'
import { registerJoinability } from './joinability.js'
import { registerLogin } from './login.js'
import { registerPeople } from './people.js'
import { processContext } from './process-context.js'
import { registerQuarantine } from './quarantine.js'
import { registerRebuild } from './rebuild.js'
import { registerDemo } from './register-demo.js'
import { registerUp } from './register-up.js'
import { registerSimulate } from './simulate.js'
import { registerSources } from './sources.js'
import { registerTokens } from './tokens.js'
import { registerOwners } from './owners.js'
import { registerTrace } from './trace.js'
import { registerControls, registerVerdict } from './verdict.js'
import { registerVerify } from './verify.js'
import { watchOutput } from './watch-output.js'

watchOutput(process)
const program = new Command('catena').description('Who used this credential, by what right, and did it end?')
const context = processContext()
registerUp(program)
registerDemo(program)
registerIngest(program, context)
registerTrace(program, context)
registerSources(program, context)
registerJoinability(program, context)
registerDirectory(program, context)
registerPeople(program, context)
registerIdentity(program, context)
registerRebuild(program, context)
registerQuarantine(program, context)
registerVerify(program, context)
registerErase(program, context)
registerArchive(program, context)
registerSimulate(program, context)
registerLogin(program, context)
registerAsk(program, context)
registerTokens(program, context)
registerInventory(program, context)
registerLeaver(program, context)
registerVerdict(program, context)
registerControls(program, context)
registerExport(program, context)
registerFindings(program, context)
registerDoctor(program, context)
registerCampaign(program, context)
registerOwners(program, context)
await program.parseAsync()
