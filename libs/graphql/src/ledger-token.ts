/** Under which a LedgerReports is provided. */
export const LEDGER = Symbol('ledger')
