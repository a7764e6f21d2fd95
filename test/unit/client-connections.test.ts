import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { ClientConnections } from '../../src/server/subscriptions/client-connections.js';

const from = (address: string) => ({ address }) as unknown as IncomingMessage;
const addressOf = (request: IncomingMessage) => (request as unknown as { address: string }).address;

it('gives each client its share, and a place back for each that is closed', () => {
  const connections = new ClientConnections(addressOf, 2);
  const [first, second] = [connections.take(from('203.0.113.7')), connections.take(from('203.0.113.7'))];
  expect(connections.take(from('203.0.113.7'))).toBeNull();
  expect(connections.take(from('203.0.113.8'))).not.toBeNull();
  first?.();
  expect(connections.take(from('203.0.113.7'))).not.toBeNull();
  expect(connections.take(from('203.0.113.7'))).toBeNull();
  second?.();
  expect(connections.take(from('203.0.113.7'))).not.toBeNull();
});

it('takes the addresses of one network for one client', () => {
  const connections = new ClientConnections(addressOf, 1);
  expect(connections.take(from('2001:db8::1'))).not.toBeNull();
  expect(connections.take(from('2001:db8::2'))).toBeNull();
});

it('says what to do, and when', () => {
  const { message, extensions } = new ClientConnections(addressOf, 2).refusal();
  expect(message).toBe('One client may have 2 WebSockets and event streams open: close some of them.');
  expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 5000 });
});
