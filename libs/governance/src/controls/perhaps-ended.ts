/** Why it is not known whether something ended; a clause of a sentence. */
export const PERHAPS_ENDED = 'versions were deleted, and whether the one in use was among them is not recorded'
