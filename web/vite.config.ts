import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `npm run dev:web` serves the page from its sources, and hands what it asks for to a server on port 4000. */
const server = { target: 'http://127.0.0.1:4000', ws: true };

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  // The kit is taken from its sources, so that there is nothing to build before the page.
  resolve: { conditions: ['lookalike-source', ...defaultClientConditions] },
  // Its imports of workers are for Vite itself; the bundler that prepares dependencies for development fails over them.
  optimizeDeps: { exclude: ['graphiql/setup-workers/vite'] },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of our own: the page's Content-Security-Policy allows nothing that is written into it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco, which GraphiQL brings, is large, and only its page loads it.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: { index: here('index.html'), graphiql: here('graphiql.html') },
      // GraphiQL's modules carry directives for a compiler that has been over them already.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/graphql': server, '/images': server } },
});
