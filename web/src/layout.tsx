import { useRef } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';
import styles from './layout.module.css';
import { FileRefusal, PhotoBringer } from './search/photo/photo-bringer.js';
import { useNavigationFocus } from './use-navigation-focus.js';

/** What every view stands in. */
export function Layout() {
  const main = useRef<HTMLElement>(null);
  useNavigationFocus(main);
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
      <main ref={main} id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      <DroppedElsewhere />
      <ScrollRestoration />
    </>
  );
}

/** The search takes photos itself. */
function DroppedElsewhere() {
  const { pathname } = useLocation();
  if (pathname === '/') return null;
  return pathname.startsWith('/admin') ? <FileRefusal /> : <PhotoBringer />;
}
