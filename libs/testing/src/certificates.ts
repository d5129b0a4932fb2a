import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.js'

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

export interface Issued {
  /** Subject alternative names of OpenSSL; left out: of this machine. */
  readonly names?: string
  /** Below 0: it expired so long ago. */
  readonly days?: number
}

/** A certificate authority of its own in a folder. */
export interface Authority extends Certificate {
  /** For a server or a client. Its files are named by its authority and a number. */
  issue(commonName: string, issued?: Issued): Certificate
}

const THIS_MACHINE = 'IP:127.0.0.1,DNS:localhost'
const DAYS = 2
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

let serial = 0

export function makeAuthority(folder: string, name: string): Authority {
  const own = filesOf(folder, `${name}-ca`)
  run('openssl', ['req', '-x509', ...NEW_KEY, '-keyout', own.keyFile, '-out', own.certFile, '-days', String(DAYS), '-subj', `/CN=${name}`]) // prettier-ignore
  const issue: Authority['issue'] = (commonName, { names = THIS_MACHINE, days = DAYS } = {}) => {
    const { certFile, keyFile } = filesOf(folder, `${name}-${serial++}`)
    const [request, extensions] = [`${certFile}.csr`, `${certFile}.cnf`]
    writeFileSync(extensions, `subjectAltName=${names}\n`)
    run('openssl', ['req', ...NEW_KEY, '-keyout', keyFile, '-out', request, '-subj', `/CN=${commonName}`])
    run('openssl', ['x509', '-req', '-in', request, '-CA', own.certFile, '-CAkey', own.keyFile, '-CAcreateserial', '-out', certFile, '-days', String(days), '-extfile', extensions]) // prettier-ignore
    return filled({ certFile, keyFile })
  }
  return { ...filled(own), issue }
}

type Files = Pick<Certificate, 'certFile' | 'keyFile'>

function filesOf(folder: string, name: string): Files {
  return { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) }
}

function filled({ certFile, keyFile }: Files): Certificate {
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}
