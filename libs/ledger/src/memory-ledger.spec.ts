import { decisionsContract } from './decisions.contract.js'
import { deliveriesContract } from './deliveries/deliveries.contract.js'
import { erasureContract } from './erase/erasure.contract.js'
import { ledgerContract, type LedgerStore } from './ledger.contract.js'
import { MemoryLedger } from './memory-ledger.js'
import { quarantineContract } from './quarantine/quarantine.contract.js'

const store: LedgerStore = { open: () => new MemoryLedger(), clear: () => Promise.resolve() }

ledgerContract('ledger in memory', () => store)
decisionsContract('ledger in memory', () => store)
erasureContract('ledger in memory', () => store)
quarantineContract('ledger in memory', () => store)
deliveriesContract('ledger in memory', () => store)
