import { useId, useState, type SyntheticEvent } from 'react';
import { useAdminAccess } from '../admin-token.js';
import { BusyButton } from '../ui/busy-button.js';
import styles from './admin-token-panel.module.css';
import panel from './panel.module.css';
import { useTokenStanding, type TokenDesk } from './use-token-standing.js';

/** Keeps the admin token, which goes with every request from then on. */
export function AdminTokenPanel() {
  const desk = useTokenStanding();
  const { standing } = desk;
  return (
    <section className={panel.panel} aria-labelledby="token-title">
      <h2 id="token-title">Admin token</h2>
      <p>
        Operations of the administration need it. The server prints it when it starts, unless <code>ADMIN_TOKEN</code>{' '}
        sets it.
      </p>
      <TokenForm desk={desk} />
      <div>
        <p role="alert" className={panel.error}>
          {standing.kind === 'refused' && standing.why}
        </p>
        <p role="status" className={panel.done}>
          {standing.kind === 'accepted' &&
            'The server accepts it. It goes with every request until you close this window.'}
        </p>
      </div>
    </section>
  );
}

function TokenForm({ desk: { standing, save, forget } }: { desk: TokenDesk }) {
  const [token, setToken] = useState('');
  const id = useId();
  const isKept = useAdminAccess() === 'given';
  const isTrying = standing.kind === 'trying';
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (!isTrying && (await save(token.trim()))) setToken('');
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <label htmlFor={id}>{isKept ? 'Another token' : 'Token'}</label>
      <input
        id={id}
        className="field"
        type="password"
        autoComplete="current-password"
        required
        value={token}
        aria-invalid={standing.kind === 'refused' || undefined}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <div className={styles.buttons}>
        <BusyButton type="submit" kind="primary" isBusy={isTrying} busyLabel="Trying it…">
          Save
        </BusyButton>
        {isKept && (
          <button type="button" className="button" onClick={forget}>
            Forget
          </button>
        )}
      </div>
    </form>
  );
}
