import { describe, expect, it } from '@jest/globals'
import { allowedAddresses, guardedFetch, isMetadata, type AskAt } from './addresses.js'

const resolveTo = (...addresses: string[]) => () => Promise.resolve(addresses) // prettier-ignore

describe('addresses of a destination', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '100.64.0.1', 'fd12::1', 'fe80::1', '0.0.0.0', '224.0.0.1', '64:ff9b::7f00:1'])(
    'R8.1 refuses %s unless private ones are meant', async (address) => {
      await expect(allowedAddresses('collector.example', false, resolveTo(address))).rejects.toThrow(/private/)
      expect(await allowedAddresses('collector.example', true, resolveTo(address))).toEqual([address])
    },
  ) // prettier-ignore

  it.each([
    '169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '::169.254.169.254',
    'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16', '::ffff:168.63.129.16',
  ])('R8.1 refuses %s always', async (address) => {
    await expect(allowedAddresses('collector.example', true, resolveTo(address))).rejects.toThrow(/clouds/)
  }) // prettier-ignore

  it('R8.1 allows an address with a zone where private ones are meant', async () => {
    expect(await allowedAddresses('x.example', true, resolveTo('fe80::1%eth0'))).toEqual(['fe80::1%eth0'])
  })

  it('R8.1 looks at every address of a host, and gives back what was looked at: there is no second answer', async () => {
    await expect(allowedAddresses('x.example', false, resolveTo('93.184.216.34', '10.0.0.1'))).rejects.toThrow('10.0.0.1') // prettier-ignore
    expect(await allowedAddresses('x.example', false, resolveTo('93.184.216.34'))).toEqual(['93.184.216.34'])
  })

  it('reads decimal and hexadecimal forms as URLs do', async () => {
    for (const url of ['http://2130706433/', 'http://0x7f000001/', 'http://127.1/', 'http://[::ffff:127.0.0.1]/'])
      await expect(allowedAddresses(new URL(url).hostname, false)).rejects.toThrow(/private/)
  })
})

describe('what an identity provider is asked by', () => {
  const asked: string[] = []
  const ask: AskAt = (addresses) => {
    asked.push(...addresses)
    return Promise.resolve(new Response('{}'))
  }
  const fetchTo = (address: string, loopback = false) => guardedFetch(loopback, resolveTo(address), ask)

  it.each(['169.254.169.254', '::ffff:a9fe:a9fe', 'fd00:ec2::254', '127.0.0.1', '::1', '0.0.0.0', '::ffff:7f00:1'])(
    'never goes to %s, whatever name leads there', async (address) => {
      asked.length = 0
      await expect(fetchTo(address)('https://login.example/keys')).rejects.toThrow('login.example resolves to')
      expect(asked).toEqual([])
    },
  ) // prettier-ignore

  it('goes to private networks, and to this machine where the issuer is here', async () => {
    expect((await fetchTo('10.1.2.3')('https://login.example/keys')).status).toBe(200)
    expect((await fetchTo('127.0.0.1', true)('http://localhost:8080/keys')).status).toBe(200)
    await expect(fetchTo('169.254.169.254', true)('http://localhost:8080/keys')).rejects.toThrow(/clouds/)
  })

  it('knows the addresses of clouds in every form that URLs have', () => {
    const hosts = ['http://169.254.169.254', 'http://2852039166', 'http://0xA9FEA9FE', 'http://[::ffff:a9fe:a9fe]', 'https://metadata.google.internal'] // prettier-ignore
    expect(hosts.filter((url) => !isMetadata(new URL(url).hostname))).toEqual([])
    expect(isMetadata('login.example')).toBe(false)
  })
})
