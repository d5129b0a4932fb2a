/** Longest text of a receiver, or of a fault, that is kept. */
const TEXT_MAX = 500

/** What a receiver or a fault says, as the database and a terminal can hold it: one line without control characters, in well-formed Unicode. */
export function messageText(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').replace(/\p{Cs}/gu, '\ufffd')
  return line.trim().slice(0, TEXT_MAX)
}
