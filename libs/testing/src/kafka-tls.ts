import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './kafka-jars.js'

const DAYS = '2'

/** A certificate authority of its own and a server certificate by it for 127.0.0.1, all as PEM files in the folder. */
export function makeCertificates(folder: string): { readonly caFile: string; readonly serverFile: string } {
  const at = (name: string): string => join(folder, name)
  const newKey = ['-newkey', 'rsa:2048', '-nodes']
  run('openssl', [
    'req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', DAYS, '-subj', '/CN=test authority',
  ]) // prettier-ignore
  run('openssl', ['req', ...newKey, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=127.0.0.1'])
  writeFileSync(at('names.cnf'), 'subjectAltName=IP:127.0.0.1\n')
  run('openssl', [
    'x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('server.crt'),
    '-days', DAYS, '-extfile', at('names.cnf'),
  ]) // prettier-ignore
  // Kafka reads key and chain from one file.
  writeFileSync(at('server.pem'), readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.crt'), 'utf8'))
  return { caFile: at('ca.pem'), serverFile: at('server.pem') }
}
