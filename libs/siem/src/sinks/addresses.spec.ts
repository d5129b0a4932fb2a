import { describe, expect, it } from '@jest/globals'
import { allowedAddresses } from './addresses.js'

const resolveTo = (...addresses: string[]) => () => Promise.resolve(addresses) // prettier-ignore

describe('addresses of a destination', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '100.64.0.1', 'fd12::1', 'fe80::1', '0.0.0.0', '224.0.0.1', '64:ff9b::7f00:1'])(
    'R8.1 refuses %s unless private ones are meant', async (address) => {
      await expect(allowedAddresses('collector.example', false, resolveTo(address))).rejects.toThrow(/private/)
      expect(await allowedAddresses('collector.example', true, resolveTo(address))).toEqual([address])
    },
  ) // prettier-ignore

  it.each(['169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', 'fd00:ec2::254'])(
    'R8.1 refuses %s always',
    async (address) => {
      await expect(allowedAddresses('collector.example', true, resolveTo(address))).rejects.toThrow(/clouds/)
    },
  )

  it('R8.1 looks at every address of a host, and gives back what was looked at: there is no second answer', async () => {
    await expect(allowedAddresses('x.example', false, resolveTo('93.184.216.34', '10.0.0.1'))).rejects.toThrow('10.0.0.1') // prettier-ignore
    expect(await allowedAddresses('x.example', false, resolveTo('93.184.216.34'))).toEqual(['93.184.216.34'])
  })

  it('reads decimal and hexadecimal forms as URLs do', async () => {
    for (const url of ['http://2130706433/', 'http://0x7f000001/', 'http://127.1/', 'http://[::ffff:127.0.0.1]/'])
      await expect(allowedAddresses(new URL(url).hostname, false)).rejects.toThrow(/private/)
  })
})
