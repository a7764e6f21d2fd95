import { useId, type ReactNode } from 'react';
import { useGivenPhotograph } from './given-photograph.js';
import styles from './operations-panel.module.css';
import panel from './panel.module.css';
import { OPERATION_GROUPS, type SampleOperation } from './read-operations.js';
import { SAMPLE_OPERATIONS } from './sample-operations.js';
import { useOperationTabs } from './use-operation-tabs.js';

/** An operation for every field of the API, each a click away. */
export function OperationsPanel() {
  const { given } = useGivenPhotograph();
  const { open } = useOperationTabs();
  return (
    <section className={panel.panel} aria-labelledby="operations-title">
      <h2 id="operations-title">Operations</h2>
      <p>Each opens in a tab of its own, with variables that work in the demo.</p>
      {OPERATION_GROUPS.map((group) => (
        <div key={group} className={styles.group}>
          <h3>{group}</h3>
          <ul>
            {SAMPLE_OPERATIONS.filter((operation) => operation.group === group).map((operation) => (
              <li key={operation.name} className={styles.operation}>
                <Operation operation={operation} onOpen={() => open(operation, given?.queryImage.id ?? null)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Operation({ operation, onOpen }: { operation: SampleOperation; onOpen: () => void }) {
  const { name, kind, isAdmin, description } = operation;
  const id = useId();
  return (
    <>
      <button type="button" aria-describedby={id} className={styles.open} onClick={onOpen}>
        {name}
      </button>{' '}
      <span id={id}>
        <span className={styles.kind}>
          {kind}
          {isAdmin && ', admin'}
        </span>
        <span className={styles.description}>{withCode(description)}</span>
      </span>
    </>
  );
}

/** What stands between backticks is code. */
function withCode(text: string): ReactNode[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>));
}
