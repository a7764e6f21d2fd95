import { isIP } from 'node:net';

/** Express's names for addresses that are no stranger's. */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];

/** Whether a text says which proxies are trusted: how many, or names, addresses and networks with commas between them. */
export function saysTrustedProxies(text: string): boolean {
  if (/^\d{1,2}$/.test(text)) return true;
  return text.split(',').every((entry) => NAMES.includes(entry.trim()) || isNetwork(entry.trim()));
}

function isNetwork(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (length === undefined) return true;
  return /^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= (version === 4 ? 32 : 128);
}
