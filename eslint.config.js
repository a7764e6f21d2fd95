import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** What puts the layers together is above all of them. */
const top = [
  'app',
  'core',
  'databases',
  'main',
  'cli',
  'serve',
  'worker',
  'workers',
  'steering',
  'stores',
  'model-free',
  'stop-on-signals',
  'readiness-checks',
  'watch-process',
  'upgrade-vector-database',
  'exit',
  'dot-env',
]
  .map((name) => `./src/${name}.ts`)
  .concat('./src/cli', './src/doctor', './src/telemetry');

/** Imports run one way; each zone says what the files in `target` may not import. */
const zones = [
  {
    target: './src/services',
    from: ['./src/resolvers', './src/server', './src/jobs', ...top],
    message: 'Services know nothing of who calls them.',
  },
  {
    target: './src/db',
    from: ['./src/services', './src/resolvers', './src/server', './src/jobs', ...top],
    message: 'db/ is the lowest layer.',
  },
  {
    target: './src/jobs',
    from: ['./src/resolvers', './src/server', ...top],
    message: 'Jobs use services; the API uses jobs through app.ts.',
  },
  {
    target: './src/resolvers',
    from: ['./src/jobs', './src/db', './src/server', ...top],
    message: 'Resolvers use services.',
  },
  {
    target: './src/server',
    from: ['./src/jobs', './src/db', ...top],
    message: 'The server uses resolvers and services.',
  },
  {
    target: './src/services/clip',
    from: './src/services/vector',
    message: 'clip and vector meet in services/search.ts and in the backfill.',
  },
  {
    target: './src/services/vector',
    from: './src/services/clip',
    message: 'clip and vector meet in services/search.ts and in the backfill.',
  },
  {
    target: './src',
    from: ['./test', './scripts', './bench', './training', './web', './packages'],
    message: 'The server depends neither on its tests nor on its clients.',
  },
  {
    target: ['./web', './packages'],
    from: ['./src', './demo', './test', './bench'],
    message: 'Clients know the server by its API alone.',
  },
  { target: './demo', from: ['./test', './src/resolvers', './src/server'], message: 'The demo is only a catalogue.' },
];

/** Each outside library has one home; elsewhere it is reached through the home's own interface. */
const homes = [
  { packages: ['pg', 'node-pg-migrate', '@electric-sql/*'], home: ['src/db/**'] },
  { packages: ['pgvector', 'pgvector/*'], home: ['src/services/vector/**'] },
  { packages: ['@xenova/transformers'], home: ['src/services/clip/**'] },
  { packages: ['sharp'], home: ['src/services/clip/**', 'demo/**'] },
  { packages: ['undici'], home: ['src/services/images/**'] },
  { packages: ['ipaddr.js'], home: ['src/services/images/**', 'src/server/**'] },
  { packages: ['pg-boss'], home: ['src/jobs/queue.ts'] },
  { packages: ['dataloader'], home: ['src/services/catalog/**', 'src/services/request-loaders.ts'] },
  { packages: ['type-graphql', 'graphql-scalars'], home: ['src/resolvers/**'] },
  {
    packages: [
      '@apollo/server',
      '@apollo/server/*',
      '@as-integrations/*',
      'express',
      'graphql-ws',
      'graphql-ws/*',
      'graphql-sse',
      'graphql-sse/*',
      'ws',
      'busboy',
      'compression',
      'helmet',
      'jose',
      'proxy-addr',
      'rate-limiter-flexible',
      '@escape.tech/*',
    ],
    home: ['src/server/**'],
  },
  { packages: ['graphql-upload-minimal'], home: ['src/server/**', 'src/resolvers/**'] },
  { packages: ['prom-client', '@opentelemetry/*'], home: ['src/telemetry/**'] },
  { packages: ['zod'], home: ['src/config.ts', 'src/config-faults.ts', 'src/environment.ts'] },
  { packages: ['commander'], home: ['src/cli.ts', 'src/cli/**'] },
  { packages: ['pino', 'pino-pretty'], home: ['src/log.ts'] },
];

const shipped = ['src/**/*.ts', 'demo/**/*.ts'];

/** A later block replaces an earlier one's setting of the same rule, so each file gets its whole list in one block. */
const homeRules = [...new Set(homes.flatMap(({ home }) => home))].map((folder) => ({
  files: [folder],
  rules: restrictedImports(homes.filter(({ home }) => !home.includes(folder))),
}));

function restrictedImports(foreign) {
  const patterns = foreign.map(({ packages, home }) => ({
    group: packages,
    allowTypeImports: false,
    message: `Its home is ${home.join(', ')}.`,
  }));
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

export default tseslint.config(
  { ignores: ['**/dist', 'dist-test-*', '**/generated', '**/node_modules', '.lookalike', 'coverage'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Cycles make the order of module evaluation an accident, with decorators most of all.
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      // Type-only imports vanish; saying so keeps worker threads from loading what they only name.
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Numbers print as one expects.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An async method that satisfies an interface needs no await.
      '@typescript-eslint/require-await': 'off',
      // `class Resolvers {}` and DTO classes of type-graphql are made of decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // A leading underscore says that a parameter or a part is there for its place only.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An arrow that calls something for its effect reads as well on one line.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  { files: shipped, rules: restrictedImports(homes) },
  ...homeRules,
  {
    // The command line is the one place that talks to a person directly.
    files: ['src/cli.ts', 'src/cli/**', 'scripts/**', 'bench/**', 'test/chaos/run-chaos.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // type-graphql's classes only describe shapes; what resolvers return are the services' plain objects.
    files: ['src/resolvers/**'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    // process.env is read in one place a process, so that everything else is given what it needs.
    files: shipped,
    ignores: ['src/main.ts', 'src/cli.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Take it from Config.' }],
    },
  },
  {
    // They describe other people's modules, default exports and all.
    files: ['**/*.d.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['web/**/*.{ts,tsx}', 'packages/**/*.ts'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  {
    files: ['*.config.ts', '*.config.js', 'web/vite.config.ts', 'scripts/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
