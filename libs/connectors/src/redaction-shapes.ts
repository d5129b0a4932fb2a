/**
 * Shapes of secrets that do turn up in fields that should hold none. Only bounded repetitions and no nested ones, so that no
 * input makes them slow, and each begins with fixed characters, so that most texts are passed over quickly. Where a prefix is
 * short, a letter or digit before it speaks against it. Two lists, each searched by an expression of its own: V8 passes
 * over a text four times as fast where all that may begin a match are letters near each other.
 */
const TOKENS_FROM_SMALL_LETTERS = [
  'hv[sbr]\\.[\\w-]{20}', // Vault: service, batch, recovery
  'gh[pousr]_[A-Za-z0-9]{30}',
  'github_pat_\\w{20}',
  'gl(?:pat|cbt|dt|rt|ptt|ft|imt|agent|soat|oas|ffct)-[\\w-]{20}', // GitLab
  'ya29\\.[\\w-]{20}', // Google OAuth
  'xox[abcdeoprs]-[\\w-]{10}',
  'xapp-\\d-[\\w-]{10}',
  '[sr]k_(?:live|test)_\\w{16}', // Stripe
  'npm_[A-Za-z0-9]{30}',
  'pypi-[\\w-]{30}',
  'dckr_[po]at_[\\w-]{20}', // Docker
  'whsec_(?<![A-Za-z0-9]......)[\\w+/=]{20}', // signatures of webhooks
  'do[opr]_v1_[0-9a-f]{40}', // DigitalOcean
  'dapi(?<![A-Za-z0-9].{4})[0-9a-f]{32}', // Databricks
  'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}', // Shopify
  'sk-(?<![A-Za-z0-9]...)(?:ant|proj|svcacct|admin)-[\\w-]{20}',
  'sk-(?<![A-Za-z0-9]...)[A-Za-z0-9]{32}',
  'hf_(?<![A-Za-z0-9]...)[A-Za-z0-9]{30}', // Hugging Face
  'gl(?:sa|c)_[\\w=-]{20}', // Grafana
  'sntry[su]_[\\w=-]{20}',
  'lin_api_[A-Za-z0-9]{30}',
]

/** What stands before the fixed characters is looked back at, so that the search stops at these alone. */
const TOKENS_FROM_OTHERS = [
  '\\.(?<=(?<![A-Za-z0-9])[sbr]\\.)[A-Za-z0-9]{24}(?![A-Za-z0-9])', // Vault before 1.10, OpenBao
  'A(?:KI|SI)A[0-9A-Z]{16}', // AWS access key ids
  'AIza[\\w-]{35}',
  'SK(?<![A-Za-z0-9]..)[0-9a-f]{32}', // Twilio
  'SG\\.[\\w-]{16}', // SendGrid
  'Q~(?<=\\dQ~)[\\w.~-]{31}', // Entra ID client secrets
  'ATATT3[\\w=-]{20}', // Atlassian
  'AGE-SECRET-KEY-1[0-9A-Z]{20}',
  '\\.atlasv1\\.[\\w-]{20}', // Terraform Cloud
  'GOCSPX-[\\w-]{20}', // Google OAuth clients
  'PMAK-[0-9a-f-]{20}',
  'NRAK-[0-9A-Z]{20}',
  'AKCp[A-Za-z0-9]{50}', // Artifactory
  ':AA(?<=\\d:AA)[\\w-]{30}', // Telegram
]

/** The secret's end cannot be told here (it may hold slashes), so the whole text is one. */
const SENTENCES = [
  'eyJ[\\w+/=-]{16}', // base64 of a JSON object: JWT, JWE, service account tokens
  '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY',
  'hooks\\.slack\\.com/(?:services|workflows)/\\w',
  ':\\/\\/[^\\s/:@]{0,200}:[^\\s/@]{1,200}@', // credentials inside a URL
  '(?:basic|bearer|ssws)\\s{1,3}[\\w+/.~=-]{16}',
  '[?&#](?:code|token|sig|signature|x-amz-signature|x-amz-security-token)\\\\{0,4}=[^&\\s]{8}', // CEF escapes the sign
  '(?<!\\w)token\\\\{0,4}=[^&\\s]{8}',
  '(?:passw(?:or)?d|passphrase|pwd|secret|secret[_-]?(?:id|key|access[_-]?key)|(?:api|account|shared[_-]?access|private)[_-]?key|(?:access|auth|id|refresh|client|vault|session)[_-]?token)\\\\{0,4}["\']?\\s{0,3}[=:]\\s{0,3}\\\\{0,4}["\']?[^\\s"\'&\\\\]{6}',
]

const TOKEN_FROM_SMALL_LETTER = new RegExp(TOKENS_FROM_SMALL_LETTERS.join('|'))
const TOKEN_FROM_OTHER = new RegExp(TOKENS_FROM_OTHERS.join('|'))
const SENTENCE = new RegExp(SENTENCES.join('|'), 'i')

/** Ids in hex, dates and addresses hold no secret of these shapes; most values are of this kind. */
const PLAIN = /^(?:[0-9a-f-]*|[\d:.,TZ+ -]*)$/

/** Without any of these no sentence of these shapes is complete. */
const SIGN = /[=:\s]|eyJ|hooks\./i

/** Shorter texts hold no secret that its shape betrays. */
const SENTENCE_LENGTH_MIN = 12
const TOKEN_LENGTH_MIN = 15

export function looksSecret(value: string): boolean {
  if (value.length < SENTENCE_LENGTH_MIN || PLAIN.test(value)) return false
  const text = decoded(value)
  return (text.length >= TOKEN_LENGTH_MIN && isToken(text)) || isSentence(text)
}

function isToken(text: string): boolean {
  return TOKEN_FROM_SMALL_LETTER.test(text) || TOKEN_FROM_OTHER.test(text)
}

function isSentence(text: string): boolean {
  return SIGN.test(text) && SENTENCE.test(text)
}

/** Percent-encoding hides the signs by which sentences are known. */
function decoded(value: string): string {
  if (!value.includes('%')) return value
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The path with each segment masked that holds a secret; all of it where the secret's end cannot be told. */
export function withoutSecretSegments(path: string, mask: (value: string) => string): string {
  if (!looksSecret(path)) return path
  if (isSentence(decoded(path))) return mask(path)
  const masked = path
    .split('/')
    .map((segment) => (looksSecret(segment) ? mask(segment) : segment))
    .join('/')
  return looksSecret(masked) ? mask(path) : masked
}
