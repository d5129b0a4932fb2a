import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `ca.pem`, of which `server.pem` and `client.pem` are with their keys, both for `collector.test`; and `other.pem`, an authority of neither. */
export function makeCertificates(folder: string): void {
  const openssl = (...arguments_: string[]): void => void execFileSync('openssl', arguments_, { cwd: folder, stdio: 'ignore' })
  for (const name of ['ca', 'other'])
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`)
  for (const name of ['server', 'client']) {
    writeFileSync(join(folder, `${name}.ext`), 'subjectAltName=DNS:collector.test\n')
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=collector.test', '-keyout', `${name}.key`, '-out', `${name}.csr`)
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`)
  }
} // prettier-ignore
