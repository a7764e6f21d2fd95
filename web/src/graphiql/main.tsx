import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import { createRoot } from 'react-dom/client';
import '../styles/theme.css';
import 'graphiql/style.css';
import { fetcher } from './fetcher.js';
import './graphiql.css';
import { GraphiQLCare } from './graphiql-care.js';
import { PHOTOGRAPH_PLUGIN, PLUGINS } from './plugins.js';
import { FIRST_TABS } from './sample-operations.js';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root".');

createRoot(root).render(
  <main>
    <h1 className="visually-hidden">GraphiQL: ask Lookalike</h1>
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={FIRST_TABS.map(({ query, variables }) => ({ query, variables }))}
      defaultEditorToolsVisibility="variables"
      plugins={PLUGINS}
      visiblePlugin={PHOTOGRAPH_PLUGIN}
    >
      <GraphiQL.Logo>
        <nav aria-label="Lookalike" className="lookalike-links">
          <a href="/">Search</a>
          <a href="/admin">Admin</a>
        </nav>
      </GraphiQL.Logo>
      <GraphiQLCare />
    </GraphiQL>
  </main>,
);
