import { EventEmitter, on } from 'node:events';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Log } from '../../src/log.js';
import { loadConfig } from '../../src/config.js';
import type { RequestContext } from '../../src/resolvers/context.js';
import { Health } from '../../src/server/observability/health.js';
import { startHttpServer } from '../../src/server/http-server.js';
import { loadTelemetry } from '../../src/telemetry/telemetry.js';
import { silentLog } from './silent-log.js';

/** A server whose subscription, `tick`, is what a test sends. */
export interface TickingServer {
  url: string;
  /** Sends the next event to all that have subscribed. */
  tick: (value: number) => void;
  /** How many have. */
  subscribers: () => number;
  /** How many WebSockets and event streams it knows to be open. */
  open: () => Promise<number>;
  close: () => Promise<void>;
}

export const TICKS = 'subscription { tick }';

/** Starts one: all of it is real but the schema. */
export async function startTickingServer(log: Log = silentLog): Promise<TickingServer> {
  const source = new EventEmitter().setMaxListeners(0);
  const { metrics, observer, operations } = await loadTelemetry(loadConfig({}).telemetry, log);
  const server = await startHttpServer({
    ...{ health: new Health(), metrics, observer, operations, log },
    config: loadConfig({ PORT: '0', ADMIN_TOKEN: 'the-admin-token-of-the-tests' }).server,
    schema: makeSchema(source),
    maxImageBytes: 1000,
    imageRoot: null,
    webRoot: null,
    makeContext: () => ({}) as RequestContext,
  });
  return {
    url: server.url,
    close: server.close,
    tick: (value) => source.emit('tick', value),
    subscribers: () => source.listenerCount('tick'),
    open: async () => {
      const counts = [...(await metrics.text()).matchAll(/^lookalike_open_connections\{.*\} (\d+)$/gm)];
      return counts.reduce((total, [, count]) => total + Number(count), 0);
    },
  };
}

function makeSchema(source: EventEmitter): GraphQLSchema {
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { one: { type: GraphQLInt, resolve: () => 1 } } }),
    subscription: new GraphQLObjectType<number[]>({
      name: 'Subscription',
      fields: {
        tick: {
          type: GraphQLInt,
          subscribe: () => on(source, 'tick'),
          resolve: ([value]) => value,
        },
      },
    }),
  });
}
