import { ledgerContract } from './ledger.contract.js'
import { MemoryLedger } from './memory-ledger.js'

ledgerContract('ledger in memory', () => ({ open: () => new MemoryLedger(), clear: () => Promise.resolve() }))
