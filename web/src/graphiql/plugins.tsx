import type { GraphiQLPlugin } from '@graphiql/react';
import { HISTORY_PLUGIN } from 'graphiql';
import { Icon } from '../ui/icon.js';
import { AdminTokenPanel } from './admin-token-panel.js';
import { OperationsPanel } from './operations-panel.js';
import { PhotographPanel } from './photograph-panel.js';

/** On show at a first visit. */
export const PHOTOGRAPH_PLUGIN: GraphiQLPlugin = {
  title: 'Photograph',
  icon: () => <Icon name="photo" />,
  content: PhotographPanel,
};

/** What GraphiQL's side bar leads to, beside the documentation. One list for good: another one would close what is open. */
export const PLUGINS: GraphiQLPlugin[] = [
  PHOTOGRAPH_PLUGIN,
  { title: 'Operations', icon: () => <Icon name="words" />, content: OperationsPanel },
  { title: 'Admin token', icon: () => <Icon name="key" />, content: AdminTokenPanel },
  HISTORY_PLUGIN,
];
