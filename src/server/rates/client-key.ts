import ipaddr from 'ipaddr.js';

/**
 * What one client is remembered by: its IPv4 address, or the first half of its IPv6 one, of which a home has 2^64 to choose
 * from. What is no address, as a proxy that is set up wrongly may hand on, is one client all together.
 */
export function clientKey(address: string): string {
  const bare = withoutPort(address.trim());
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return 'unknown';
  // An IPv4 address may come as a socket has it that listens to both: `::ffff:203.0.113.7`.
  const client = ipaddr.process(bare);
  if (client instanceof ipaddr.IPv4) return client.toString();
  const network = client.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** Some proxies write it beside the address: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(address: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
