import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [address: Address, prefixLength: number];

declare const parsed: unique symbol;

/** The operator's exceptions, `network.allow`, parsed once by {@link parseAllowList}. */
export type AllowList = readonly Range[] & { readonly [parsed]: true };

/**
 * Parses CIDR ranges such as `10.1.0.0/16` or `fd12:3456::/32`. Throws an Error that names the first entry that
 * is none, and says what to write: a range that is silently ignored, or silently wider, is a hole or an outage.
 */
export function parseAllowList(ranges: readonly string[]): AllowList {
  return ranges.map(parseRange) as readonly Range[] as AllowList;
}

function parseRange(text: string, index: number): Range {
  const wrong = (instead: string) =>
    new Error(`network.allow[${index}]: "${text}" is not a CIDR range; ${instead}`);
  if (ipaddr.IPv4.isValidFourPartDecimal(text))
    throw wrong(`write "${text}/32" for this one address`);
  if (ipaddr.IPv6.isValid(text)) throw wrong(`write "${text}/128" for this one address`);
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return ipaddr.IPv4.parseCIDR(text);
  if (!ipaddr.IPv6.isValidCIDR(text))
    throw wrong('write an address and a prefix length, such as "10.1.0.0/16"');
  const [address, prefixLength] = ipaddr.IPv6.parseCIDR(text);
  return address.isIPv4MappedAddress() && prefixLength >= MAPPED_PREFIX
    ? [address.toIPv4Address(), prefixLength - MAPPED_PREFIX]
    : [address, prefixLength];
}

/** Bits before the IPv4 address in an IPv4-mapped one (RFC 4291 §2.5.5.2) and a NAT64 one (RFC 6052 §2.1). */
const MAPPED_PREFIX = 96;

/** The verdict on one address; `reason` as in "10.0.0.5 is a private address". */
export type AddressVerdict = { allowed: true } | { allowed: false; reason: string };

/**
 * Whether a socket may go to an IP address (spec §5). Only global unicast passes, and what `allow` covers.
 *
 * - An IPv4-mapped address is the IPv4 address that it maps, and judged as that.
 * - A NAT64 address (64:ff9b::/96) is judged as the IPv4 address that the gateway sends to: in a network without
 *   IPv4 every receiver without IPv6 has one, so they cannot all be refused.
 * - 6to4 and Teredo are refused whatever they embed: both are retired (RFC 7526), and no receiver needs them.
 */
export function checkAddress(ip: string, allow: AllowList): AddressVerdict {
  const address = parseAddress(ip);
  if (address === null) return { allowed: false, reason: `${ip} is not an IP address` };
  const embedded = embeddedAddress(address);
  const judged = embedded ?? address;
  const range = refusedRange(judged);
  if (range === null || covers(allow, address) || covers(allow, judged)) return { allowed: true };
  const of = embedded === null ? '' : ` (it stands for ${embedded.toString()})`;
  return { allowed: false, reason: `${ip} is ${range}${of}` };
}

function parseAddress(text: string): Address | null {
  // ipaddr.js takes ::8.8.8.8 for ::ffff:8.8.8.8; a socket takes it for the retired ::808:808 (RFC 4291 §2.5.5.1).
  const unambiguous = text.replace(/^::(?=\d+\.)/, '0::');
  return ipaddr.isValid(unambiguous) ? ipaddr.parse(unambiguous) : null;
}

function covers(allow: AllowList, address: Address): boolean {
  return allow.some(
    ([network, prefixLength]) =>
      network.kind() === address.kind() && address.match(network, prefixLength),
  );
}

const NAT64: Range = [ipaddr.IPv6.parse('64:ff9b::'), MAPPED_PREFIX];

/** The IPv4 address that packets to this one really go to, or null. */
function embeddedAddress(address: Address): ipaddr.IPv4 | null {
  if (!(address instanceof ipaddr.IPv6)) return null;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(NAT64) ? new ipaddr.IPv4(address.toByteArray().slice(-4)) : null;
}

/** Metadata services, which hand out credentials. Azure's has an address that looks public. */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd20:ce::254',
]);

/** The only IPv6 block that global unicast addresses are given from (IANA, RFC 4291 §2.4). */
const GLOBAL_UNICAST: Range = [ipaddr.IPv6.parse('2000::'), 3];

/** What ipaddr.js calls the ranges, in words. */
const RANGE_NAMES: Readonly<Record<string, string>> = {
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a unique local address',
  linkLocal: 'a link-local address',
  carrierGradeNat: 'a carrier-grade NAT address',
  unspecified: 'an unspecified address',
  broadcast: 'the broadcast address',
  multicast: 'a multicast address',
  benchmarking: 'a benchmarking address',
  reserved: 'a reserved address (documentation, benchmarking, or not assigned)',
  '6to4': 'a 6to4 address',
  teredo: 'a Teredo address',
};

/** The range that keeps an address from being reached, in words; null for global unicast. */
function refusedRange(address: Address): string | null {
  if (METADATA.has(address.toString())) return "a cloud's metadata address";
  const range = address.range();
  if (range !== 'unicast') return RANGE_NAMES[range] ?? 'a special-purpose address';
  const global = address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
  return global ? null : 'not a global unicast address';
}
