import { useEffect, useState } from 'react';
import { tryAdminToken } from '../admin/try-admin-token.js';
import { keepAdminToken, readAdminToken } from '../admin-token.js';
import { panelClient } from './panel-client.js';

/** What the server thinks of the admin token. */
export type TokenStanding =
  | { kind: 'none' }
  | { kind: 'trying' }
  | { kind: 'accepted' }
  /** `why` is a sentence. */
  | { kind: 'refused'; why: string };

export interface TokenDesk {
  standing: TokenStanding;
  /** Keeps a token if the server accepts it; true then. */
  save: (token: string) => Promise<boolean>;
  forget: () => void;
}

/** The admin token of this tab of the browser. One that it has already is tried at once. */
export function useTokenStanding(): TokenDesk {
  const [standing, setStanding] = useState<TokenStanding>(() => ({
    kind: readAdminToken() === null ? 'none' : 'trying',
  }));
  useEffect(() => {
    const kept = readAdminToken();
    if (kept !== null) void standingOf(kept).then(setStanding);
  }, []);
  const save = async (token: string): Promise<boolean> => {
    setStanding({ kind: 'trying' });
    const found = await standingOf(token);
    setStanding(found);
    if (found.kind === 'accepted') keepAdminToken(token);
    return found.kind === 'accepted';
  };
  const forget = (): void => {
    keepAdminToken(null);
    setStanding({ kind: 'none' });
  };
  return { standing, save, forget };
}

async function standingOf(token: string): Promise<TokenStanding> {
  const why = await tryAdminToken(panelClient, token);
  return why === null ? { kind: 'accepted' } : { kind: 'refused', why };
}
