import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { Kind, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Arrival, OperationName, OperationObserver } from '../../observer.js';
import type { AskedOperation, OperationGate } from '../operations/operation-gate.js';

/** Of a client's own ids those that are fit for a log and for a header. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The client's own id for its request where it is a sane one, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** A subscription on a socket, of which one carries many. */
export function arrivalOnSocket({ traceparent }: IncomingHttpHeaders): Arrival {
  return { id: randomUUID(), transport: 'socket', traceparent: oneOf(traceparent) };
}

/**
 * Runs what comes after it as one operation, whose id is sent back as `X-Request-Id`. It ends with the answer, unless it was
 * ended before.
 */
export function watchOperations(operations: OperationObserver): RequestHandler {
  return (request, response, next) => {
    const { headers, path } = request;
    const id = requestIdOf(headers);
    const transport = path === '/stream' ? 'event stream' : 'http';
    response.set('X-Request-Id', id);
    operations.run({ id, transport, traceparent: oneOf(headers.traceparent) }, (operation) => {
      response.once('finish', () => operation.end());
      response.once('close', () => operation.end({ isGone: true }));
      next();
    });
  };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The same gate, at which operations are told by name: it is where all of them come by once they are valid. */
export function watchGate(gate: OperationGate, operations: OperationObserver): OperationGate {
  return {
    ...gate,
    admit: async (asked) => {
      operations.current()?.named(nameOf(asked));
      await gate.admit(asked);
    },
  };
}

/** Root fields by the schema's names: what a client calls them is its own business. */
export function nameOf({ document, operation }: Pick<AskedOperation, 'document' | 'operation'>): OperationName {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const rootFields = new Set<string>();
  addFields(operation.selectionSet, { fragments, rootFields, seen: new Set() });
  return { type: operation.operation, name: operationName(operation), rootFields: [...rootFields] };
}

function operationName({ name }: OperationDefinitionNode): string | null {
  return name?.value ?? null;
}

interface Gathered {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  rootFields: Set<string>;
  /** Fragments that were gone through. */
  seen: Set<string>;
}

function addFields({ selections }: SelectionSetNode, gathered: Gathered): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD:
        gathered.rootFields.add(selection.name.value);
        break;
      case Kind.INLINE_FRAGMENT:
        addFields(selection.selectionSet, gathered);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = gathered.fragments.get(name);
        if (fragment === undefined || gathered.seen.has(name)) break;
        gathered.seen.add(name);
        addFields(fragment.selectionSet, gathered);
      }
    }
  }
}
