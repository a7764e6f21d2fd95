import type { OperationName } from '../observer.js';

/** What metrics call an operation; there are no more of them than the schema has root fields, and three. */
export interface OperationLabel {
  type: string;
  operation: string;
}

/**
 * By its root field; `several` where there is more than one, `introspection` for one that asks only about the schema, `invalid`
 * for one that is not known to be any. Nothing in it is chosen by a client.
 */
export function operationLabel(name: OperationName | null): OperationLabel {
  if (name === null) return { type: 'none', operation: 'invalid' };
  const fields = name.rootFields.filter((field) => !field.startsWith('__'));
  const [only = 'introspection'] = fields;
  return { type: name.type, operation: fields.length > 1 ? 'several' : only };
}
