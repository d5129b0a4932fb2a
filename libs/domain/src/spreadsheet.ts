/** A name that programs which show tables would run as a formula, marked as text. */
export function notAFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
