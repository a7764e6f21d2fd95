import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { Close } from '../../src/types.js';

/** An identity provider on loopback: it gives its public keys, and signs tokens. */
export interface TokenIssuer {
  jwksUrl: string;
  /** How often it was asked for its keys. */
  asked: () => number;
  /** Answers otherwise from now on; null as before. */
  answerWith(answer: ((response: ServerResponse) => void) | null): void;
  /** Another key beside the ones there are, by its id. */
  addKey(kid: string, algorithm?: string): Promise<void>;
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  close: Close;
}

export interface SignOptions {
  kid?: string;
  /** Seconds from now; null leaves `exp` out. */
  expiresIn?: number | null;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const keys = new Map<string, { algorithm: string; privateKey: CryptoKey; publicKey: CryptoKey }>();
  let asked = 0;
  let answer: ((response: ServerResponse) => void) | null = null;
  const server = createServer((_request, response) => {
    asked += 1;
    if (answer !== null) answer(response);
    else void publicKeys().then((set) => response.setHeader('content-type', 'application/json').end(set));
  });
  const publicKeys = async (): Promise<string> => {
    const entries = [...keys].map(async ([kid, { algorithm: alg, publicKey }]) => {
      return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    });
    return JSON.stringify({ keys: await Promise.all(entries) });
  };
  const addKey: TokenIssuer['addKey'] = async (kid, algorithm = 'RS256') => {
    keys.set(kid, { algorithm, ...(await generateKeyPair(algorithm, { extractable: true })) });
  };
  await addKey('first');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`,
    asked: () => asked,
    answerWith: (given) => {
      answer = given;
    },
    addKey,
    sign: async (claims, { kid = 'first', expiresIn = 60 } = {}) => {
      const key = keys.get(kid);
      if (key === undefined) throw new RangeError(`There is no key "${kid}".`);
      const token = new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid });
      if (expiresIn !== null) token.setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn);
      return token.sign(key.privateKey);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
