import { describe, expect, it, test } from 'vitest';
import {
  checkAddress,
  parseAllowList,
} from '../../../../server/src/destinations/webhook/address-policy';
import { hostOf, parseUrl } from '../../../../server/src/destinations/webhook/settings';

const nothing = parseAllowList([]);

const REFUSED: [ip: string, kind: string][] = [
  ['127.0.0.1', 'loopback'],
  ['127.1.2.3', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['10.0.0.0', 'private'],
  ['10.255.255.255', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['192.168.255.255', 'private'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['100.64.0.0', 'carrier-grade NAT'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['255.255.255.255', 'broadcast'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['192.0.0.1', 'reserved'],
  ['192.0.0.192', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.255', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['240.0.0.1', 'reserved'],
  ['254.255.255.255', 'reserved'],
  ['192.31.196.1', 'special-purpose'],
  ['192.52.193.1', 'special-purpose'],
  ['::1', 'loopback'],
  ['::', 'unspecified'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'special-purpose'],
  ['fc00::1', 'unique local'],
  ['fdff:ffff::1', 'unique local'],
  ['fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'metadata'],
  ['ff02::1', 'multicast'],
  ['ff0e::1', 'multicast'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['2001:2::1', 'benchmarking'],
  ['2001:10::1', 'special-purpose'],
  ['2001:20::1', 'special-purpose'],
  ['100::1', 'special-purpose'],
  ['5f00::1', 'special-purpose'],
  ['2001::1', 'Teredo'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
  ['2002:7f00:1::', '6to4'],
  ['2002:a00:1::1', '6to4'],
  ['2002:808:808::1', '6to4'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['64:ff9b::10.0.0.5', 'private'],
  ['64:ff9b::a9fe:a9fe', 'metadata'],
  ['64:ff9b:1::808:808', 'special-purpose'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:10.1.2.3', 'private'],
  ['::ffff:169.254.169.254', 'metadata'],
  ['::ffff:0.0.0.0', 'unspecified'],
  ['0:0:0:0:0:ffff:c0a8:0001', 'private'],
  ['::ffff:0:127.0.0.1', 'special-purpose'],
  ['::127.0.0.1', 'not a global unicast'],
  ['::8.8.8.8', 'not a global unicast'],
  ['4000::1', 'not a global unicast'],
  ['e000::1', 'not a global unicast'],
  ['0177.0.0.1', 'loopback'],
  ['2130706433', 'loopback'],
  ['0x7f.1', 'loopback'],
  ['localhost', 'not an IP address'],
  ['', 'not an IP address'],
  ['1.2.3.4.5', 'not an IP address'],
];

const ALLOWED = [
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '168.63.129.17',
  '2600:1f18::1',
  '2a00:1450:4001:830::200e',
  '3abc::1',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

describe('an address', () => {
  test.each(REFUSED)('%s is refused as %s', (ip, kind) => {
    const verdict = checkAddress(ip, nothing);
    expect(verdict).toEqual({ allowed: false, reason: expect.stringContaining(kind) });
    expect(verdict).toMatchObject({ reason: expect.stringContaining(ip) });
  });

  test.each(ALLOWED)('%s is allowed', (ip) => {
    expect(checkAddress(ip, nothing)).toEqual({ allowed: true });
  });

  it('that stands for another is named with it', () => {
    expect(checkAddress('64:ff9b::7f00:1', nothing)).toEqual({
      allowed: false,
      reason: '64:ff9b::7f00:1 is a loopback address (it stands for 127.0.0.1)',
    });
  });
});

describe('a host in a URL', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['0177.0.0.1', 'loopback'],
    ['0177.0.0.01', 'loopback'],
    ['2130706433', 'loopback'],
    ['017700000001', 'loopback'],
    ['0x7f.1', 'loopback'],
    ['0x7f000001', 'loopback'],
    ['127.1', 'loopback'],
    ['127.0.1', 'loopback'],
    ['127.0.0.1.', 'loopback'],
    ['１２７.0.0.1', 'loopback'],
    ['127。0。0。1', 'loopback'],
    ['%31%32%37.0.0.1', 'loopback'],
    ['0', 'unspecified'],
    ['0xa9fea9fe', 'metadata'],
    ['2852039166', 'metadata'],
    ['[::1]', 'loopback'],
    ['[0:0:0:0:0:0:0:1]', 'loopback'],
    ['[::]', 'unspecified'],
    ['[::ffff:127.0.0.1]', 'loopback'],
    ['[::ffff:7f00:1]', 'loopback'],
    ['[64:ff9b::7f00:1]', 'loopback'],
    ['[2002:7f00:1::]', '6to4'],
    ['[fd00:ec2::254]', 'metadata'],
  ])('spelled %s is refused as %s', (host, kind) => {
    const url = parseUrl(`https://${host}/hook`);
    expect(checkAddress(hostOf(url!), nothing)).toEqual({
      allowed: false,
      reason: expect.stringContaining(kind),
    });
  });
});

describe('network.allow', () => {
  test.each([
    ['127.0.0.0/8', '127.0.0.1'],
    ['10.1.0.0/16', '10.1.255.255'],
    ['10.1.2.3/32', '10.1.2.3'],
    ['0.0.0.0/0', '169.254.169.254'],
    ['127.0.0.0/8', '::ffff:127.0.0.1'],
    ['10.0.0.0/8', '64:ff9b::a00:5'],
    ['::ffff:10.0.0.0/104', '10.9.9.9'],
    ['::1/128', '::1'],
    ['fd12:3456::/32', 'fd12:3456::7'],
    ['2002::/16', '2002:7f00:1::'],
    ['64:ff9b::/96', '64:ff9b::7f00:1'],
    ['64:ff9b:1::/48', '64:ff9b:1::1'],
  ])('%s lets %s through', (range, ip) => {
    expect(checkAddress(ip, parseAllowList([range]))).toEqual({ allowed: true });
  });

  test.each([
    ['10.1.0.0/16', '10.2.0.1'],
    ['10.1.2.3/32', '10.1.2.4'],
    ['127.0.0.0/8', '::1'],
    ['::1/128', '127.0.0.1'],
    ['127.0.0.0/8', '2002:7f00:1::'],
    ['::/0', '127.0.0.1'],
    ['0.0.0.0/0', '::1'],
  ])('%s does not let %s through', (range, ip) => {
    expect(checkAddress(ip, parseAllowList([range])).allowed).toBe(false);
  });

  it('takes several ranges', () => {
    const allow = parseAllowList(['10.0.0.0/8', 'fd00::/8']);
    expect(checkAddress('10.0.0.1', allow).allowed).toBe(true);
    expect(checkAddress('fd12::1', allow).allowed).toBe(true);
    expect(checkAddress('192.168.0.1', allow).allowed).toBe(false);
  });

  test.each([
    ['10.0.0.1', 'write "10.0.0.1/32"'],
    ['::1', 'write "::1/128"'],
    ['10.0.0.0/33', 'write an address and a prefix length'],
    ['10.0.0.0/-1', 'write an address and a prefix length'],
    ['10.0.0/8', 'write an address and a prefix length'],
    ['0177.0.0.1/8', 'write an address and a prefix length'],
    ['fd00::/129', 'write an address and a prefix length'],
    ['10.0.0.0/255.0.0.0', 'write an address and a prefix length'],
    ['localhost', 'write an address and a prefix length'],
    ['', 'write an address and a prefix length'],
  ])('with "%s" is an error that names it and says what to write', (range, instead) => {
    expect(() => parseAllowList(['10.0.0.0/8', range])).toThrow(
      `network.allow[1]: "${range}" is not a CIDR range; ${instead}`,
    );
  });
});
