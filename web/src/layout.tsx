import { NavLink, Outlet, ScrollRestoration } from 'react-router';
import styles from './layout.module.css';

/** What every view stands in. */
export function Layout() {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className={styles.header}>
        <NavLink to="/" className={styles.brand} aria-label="Lookalike, search">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>Lookalike</span>
        </NavLink>
        <nav aria-label="Main" className={styles.nav}>
          <NavLink to="/" end>
            Search
          </NavLink>
          <NavLink to="/admin">Admin</NavLink>
        </nav>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}
