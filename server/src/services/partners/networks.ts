import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [address: Address, prefixLength: number];

/** Bits before the IPv4 address in an IPv4-mapped one (RFC 4291 §2.5.5.2). */
const MAPPED_PREFIX = 96;

/** What is wrong with an address or a range; null where nothing is. */
export function networkProblem(text: string): string | null {
  return parseNetwork(text) === null
    ? 'Write an address such as "192.0.2.7", or a range such as "192.0.2.0/24" or "2001:db8::/32"'
    : null;
}

/** Whether an address lies in one of the networks; in none that cannot be read. No networks at all: anywhere. */
export function compileNetworks(networks: readonly string[]): (ip: string) => boolean {
  if (networks.length === 0) return () => true;
  const parsed = networks.map(parseNetwork).filter((one) => one !== null);
  return (ip) => {
    const address = parseAddress(ip);
    return (
      address !== null &&
      parsed.some(
        ([network, prefixLength]) =>
          network.kind() === address.kind() && address.match(network, prefixLength),
      )
    );
  };
}

function parseNetwork(text: string): Network | null {
  const address = parseAddress(text);
  if (address !== null) return [address, address.kind() === 'ipv4' ? 32 : 128];
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return ipaddr.IPv4.parseCIDR(text);
  if (!ipaddr.IPv6.isValidCIDR(text)) return null;
  const [network, prefixLength] = ipaddr.IPv6.parseCIDR(text);
  return network.isIPv4MappedAddress() && prefixLength >= MAPPED_PREFIX
    ? [network.toIPv4Address(), prefixLength - MAPPED_PREFIX]
    : [network, prefixLength];
}

/** An IPv4-mapped address is the IPv4 address that it maps: a socket that listens on both gives such ones. */
function parseAddress(text: string): Address | null {
  const [bare = ''] = text.split('%', 1);
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  return ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : null;
}
