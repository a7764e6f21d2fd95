import { createHash } from 'node:crypto';
import type { ConfigFault } from './errors.js';

/** Variables by name, as they were given. */
type Given = Readonly<Record<string, string | undefined>>;

/** Faults of who may what that no single value shows. */
export function accessFaults(given: Given): ConfigFault[] {
  return [...jwtFaults(given), ...tokenFaults(given)];
}

function jwtFaults(given: Given): ConfigFault[] {
  if (given.JWT_JWKS_URL !== undefined) return [];
  return ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_ROLE_CLAIM']
    .filter((variable) => given[variable] !== undefined)
    .map((variable) => ({
      variable,
      message: "It is set without JWT_JWKS_URL, and no token is checked then: set that to the issuer's public keys.",
    }));
}

/** Whoever was given such a token for searching could do all that admins do. */
function tokenFaults({ ADMIN_TOKEN, READ_TOKEN }: Given): ConfigFault[] {
  const admins = entriesOf(ADMIN_TOKEN).map(digestOf);
  if (!entriesOf(READ_TOKEN).some((token) => admins.includes(digestOf(token)))) return [];
  return [{ variable: 'READ_TOKEN', message: 'It has a token of ADMIN_TOKEN in it: give each its own.' }];
}

function entriesOf(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(',').map((entry) => entry.trim());
}

function digestOf(token: string): string {
  if (token.startsWith('sha256:')) return token;
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}
