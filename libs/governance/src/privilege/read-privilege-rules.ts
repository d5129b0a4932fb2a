import type pg from 'pg'
import { PRIVILEGE_RULES_DEFAULT, type PrivilegeRules } from './privilege-rules.js'

/** Those in force up to a position. */
export async function readPrivilegeRules(
  reads: Pick<pg.Pool | pg.ClientBase, 'query'>,
  position: number,
): Promise<PrivilegeRules> {
  const { rows } = await reads.query<{ state: PrivilegeRules }>({
    name: 'privilege-rules',
    text: `SELECT state FROM decisions.rule_list WHERE kind = 'privilege' AND position <= $1 ORDER BY position DESC LIMIT 1`,
    values: [position],
  })
  return rows[0]?.state ?? PRIVILEGE_RULES_DEFAULT
}
