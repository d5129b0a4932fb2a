/** Was the person in the group then? `perhaps`: no record says so, and none excludes it. Never a pass, and no failure. */
export type InGroup = 'yes' | 'perhaps' | 'no'
