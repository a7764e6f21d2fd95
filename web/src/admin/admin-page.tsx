import { useApolloClient } from '@apollo/client/react';
import { NavLink, Outlet, useMatch } from 'react-router';
import { keepAdminToken, useAdminAccess } from '../admin-token.js';
import { usePageTitle } from '../ui/use-page-title.js';
import styles from './admin-page.module.css';
import { TokenForm } from './token-form.js';

/** What all views of the administration stand in: nothing of them is there without the admin token. */
export function AdminPage() {
  const access = useAdminAccess();
  return (
    <>
      {access === 'none' && <PageTitle />}
      {access !== 'given' && <TokenForm access={access} />}
      {access !== 'none' && (
        // With a token that is refused they are only out of sight, so that nothing typed into them is lost.
        <div hidden={access === 'refused'}>
          <AdminBar />
          <Outlet />
        </div>
      )}
    </>
  );
}

/** Views name themselves, also those out of sight. */
function PageTitle() {
  usePageTitle('Admin');
  return null;
}

function AdminBar() {
  const client = useApolloClient();
  const isBelowEmbedding = useMatch('/admin/backfills/:id') !== null;
  const signOut = (): void => {
    keepAdminToken(null);
    void client.clearStore();
  };
  return (
    <div className={styles.bar}>
      <nav aria-label="Admin" className={styles.nav}>
        <NavLink to="/admin" end data-within={isBelowEmbedding || undefined}>
          Embedding
        </NavLink>
        <NavLink to="/admin/models">Models</NavLink>
      </nav>
      <button type="button" className="button" data-size="small" onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}
