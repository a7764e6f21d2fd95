import { useApolloClient } from '@apollo/client/react';
import { useId, useState, type SyntheticEvent } from 'react';
import { keepAdminToken, type AdminAccess } from '../admin-token.js';
import { BusyButton } from '../ui/busy-button.js';
import styles from './token-form.module.css';
import { tryAdminToken } from './try-admin-token.js';

/** Asks for the admin token, and keeps it once the server has accepted it. */
export function TokenForm({ access }: { access: Exclude<AdminAccess, 'given'> }) {
  const client = useApolloClient();
  const [token, setToken] = useState('');
  const [isTrying, setTrying] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const given = token.trim();
    if (isTrying || given === '') return;
    setTrying(true);
    setRefusal(null);
    const why = await tryAdminToken(client, given);
    setTrying(false);
    setRefusal(why);
    if (why === null) await enter(given);
  };
  const enter = async (given: string): Promise<void> => {
    keepAdminToken(given);
    document.getElementById('main')?.focus();
    // What the views out of sight have asked meanwhile has had no answer.
    if (access === 'refused') await client.refetchQueries({ include: 'active' });
  };
  return (
    <section className={styles.card} aria-labelledby="token-title">
      <h1 id="token-title">Admin</h1>
      {access === 'refused' && (
        <p role="alert" className={styles.warning}>
          The admin token is no longer accepted. Enter the one that the server has now; what you have typed is kept.
        </p>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <TokenField token={token} onChange={setToken} refusal={refusal} />
        <BusyButton type="submit" kind="primary" isBusy={isTrying} busyLabel="Trying it…">
          Sign in
        </BusyButton>
      </form>
    </section>
  );
}

interface TokenFieldProps {
  token: string;
  onChange: (token: string) => void;
  refusal: string | null;
}

function TokenField({ token, onChange, refusal }: TokenFieldProps) {
  const [isShown, setShown] = useState(false);
  const id = useId();
  return (
    <div className={styles.token}>
      <label htmlFor={id}>Admin token</label>
      <div className={styles.row}>
        <input
          id={id}
          className="field"
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          value={token}
          aria-describedby={`${id}-hint ${id}-error`}
          aria-invalid={refusal !== null || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <button type="button" className="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          Show
        </button>
      </div>
      <p id={`${id}-error`} role="alert" className={styles.error}>
        {refusal}
      </p>
      <p id={`${id}-hint`} className={styles.hint}>
        The server prints it when it starts, unless <code>ADMIN_TOKEN</code> sets it. It is kept in this tab, until you
        close it or sign out.
      </p>
    </div>
  );
}
