/** Why it is not known whether something ended; a clause of a sentence. */
export const PERHAPS_ENDED =
  'versions were deleted or it was updated, and whether that ended the one in use is not recorded'

/** Why it is not known whether it holds another value; a clause of a sentence. */
export const PERHAPS_WRITTEN = 'it was updated since, and whether that changed its value is not recorded'

/** As a vault changes the passwords of its static roles. */
export const ROTATES_UNSEEN = 'its store changes it by itself, which no record tells'
