import { describe, expect, it } from 'vitest'
import { splitAddresses } from '../../../../app/utils/addresses.ts'

const addresses = (text: string) => splitAddresses(text).filter(part => part.isAddress).map(part => part.text)

describe('addresses in a text', () => {
  it('end before the sign that ends their sentence', () => {
    expect(addresses('Open https://www.figma.com/files/team/12 and go on. Then https://github.com/settings/tokens.'))
      .toEqual(['https://www.figma.com/files/team/12', 'https://github.com/settings/tokens'])
    expect(addresses('It stands there (http://localhost:3000/runs?status=failed).')).toEqual(['http://localhost:3000/runs?status=failed'])
  })

  it('lose nothing of the text', () => {
    for (const text of ['', 'No address.', 'https://a.example', 'See https://a.example/x, https://b.example.'])
      expect(splitAddresses(text).map(part => part.text).join('')).toBe(text)
  })

  it('are of the web alone', () => {
    expect(addresses('javascript:alert(1) file:///etc/passwd ftp://a.example/')).toEqual([])
  })
})
