import { describe, expect, it } from 'vitest';
import { compileNetworks, networkProblem } from '../../../../server/src/services/partners/networks';

describe('The networks that a token may be used from', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/24', '192.0.2.200', true],
    ['192.0.2.0/24', '::ffff:192.0.2.200', true],
    ['::ffff:192.0.2.0/120', '192.0.2.200', true],
    ['192.0.2.0/24', '192.0.3.1', false],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::/32', '32.1.13.184', false],
    ['fe80::1', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '10.1.2.3', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.0/24', '', false],
    ['192.0.2.0/24', 'nonsense', false],
  ])('%s: an address %s is inside: %s', (network, ip, inside) => {
    expect(networkProblem(network)).toBeNull();
    expect(compileNetworks([network])(ip)).toBe(inside);
  });

  it.each(['10', '10.1', '0x7f.1', '192.0.2.0/33', '192.0.2.1-9', 'example.com', '::/129', ''])(
    '"%s" is none, and lets nobody in',
    (text) => {
      expect(networkProblem(text)).toMatch(/192\.0\.2\.0\/24/);
      expect(compileNetworks([text])('192.0.2.1')).toBe(false);
    },
  );

  it('are all of them where none is named', () => {
    expect(compileNetworks([])('203.0.113.9')).toBe(true);
    expect(compileNetworks([])('')).toBe(true);
  });
});
