import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** A certificate authority of its own in a folder. */
export interface Authority extends Certificate {
  /** For a server on 127.0.0.1, or for a client. `days` below 0: it expired so long ago. */
  issue(commonName: string, days?: number): Certificate
}

let serial = 0

export function makeAuthority(folder: string, name: string): Authority {
  const own = read(folder, `${name}-ca`)
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    own.keyFile,
    '-out',
    own.certFile,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  )
  const issue: Authority['issue'] = (commonName, days = 2) => {
    const { certFile, keyFile } = read(folder, `${name}-${serial++}`)
    const [request, names] = [`${certFile}.csr`, `${certFile}.cnf`]
    writeFileSync(names, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
    openssl('req', ...NEW_KEY, '-keyout', keyFile, '-out', request, '-subj', `/CN=${commonName}`)
    openssl('x509', '-req', '-in', request, '-CA', own.certFile, '-CAkey', own.keyFile, '-CAcreateserial', '-out', certFile, '-days', String(days), '-extfile', names) // prettier-ignore
    return filled({ certFile, keyFile })
  }
  return { ...filled(own), issue }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function read(folder: string, name: string): Pick<Certificate, 'certFile' | 'keyFile'> {
  return { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) }
}

function filled({ certFile, keyFile }: Pick<Certificate, 'certFile' | 'keyFile'>): Certificate {
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

function openssl(...words: string[]): void {
  const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${words[0]} failed: ${stderr}`)
}
