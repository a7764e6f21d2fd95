import {
  pick,
  tryParseJSONC,
  useGraphiQL,
  useGraphiQLActions,
  type MonacoEditor,
  type SlicesWithActions,
} from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { fillVariables } from './fill-variables.js';
import { operationOf } from './operation-of.js';
import { queryImageVariablesOf } from './query-image-variables.js';
import type { SampleOperation } from './read-operations.js';
import { BY_PHOTOGRAPH } from './sample-operations.js';

/** Where the id of a photograph has got to: into the variables of an operation, or nowhere. */
export type Placement = { kind: 'filled'; operation: string } | { kind: 'refused'; reason: string };

export interface OperationTabs {
  /**
   * Shows an operation: in the tab that has it as it is, else in a new one.
   *
   * @param queryImageId - goes into its variables where it takes a photograph.
   */
  open: (operation: SampleOperation, queryImageId: string | null) => void;
  /**
   * Puts the id of a photograph into the variables of the active tab, and leaves others as they are. Where the operation takes
   * none, {@link BY_PHOTOGRAPH} is shown with it.
   */
  place: (queryImageId: string) => Placement;
}

/** GraphiQL's tabs, for what the panels do with them. */
export function useOperationTabs(): OperationTabs {
  const state = useGraphiQL(pick('queryEditor', 'variableEditor', 'tabs', 'activeTabIndex'));
  const actions = useGraphiQLActions();
  // An upload takes its time, and tabs come and go meanwhile.
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });

  const show = (index: number): void => {
    if (index === latest.current.activeTabIndex) return;
    // GraphiQL itself would forget what was typed a moment ago.
    actions.updateActiveTabValues(textsIn(latest.current));
    actions.changeTab(index);
  };

  const open = ({ name, query, variables }: SampleOperation, queryImageId: string | null): void => {
    const filled =
      queryImageId === null ? variables : fillVariables(variables, queryImageVariablesOf(query), queryImageId);
    const index = tabsOf(latest.current).findIndex((tab) => tab.query === query && tab.variables === filled);
    if (index !== -1) {
      show(index);
      return;
    }
    actions.addTab();
    latest.current.queryEditor?.setValue(query);
    latest.current.variableEditor?.setValue(filled);
    actions.updateActiveTabValues({ query, variables: filled, operationName: name });
  };

  const place = (queryImageId: string): Placement => {
    const { queryEditor, variableEditor } = latest.current;
    if (queryEditor === undefined || variableEditor === undefined) return refused('The editor is still loading.');
    if (queryImageVariablesOf(queryEditor.getValue()).length === 0) {
      const index = tabsOf(latest.current).findIndex((tab) => tab.query === BY_PHOTOGRAPH.query);
      if (index === -1) open(BY_PHOTOGRAPH, null);
      else show(index);
    }
    return fill(queryEditor.getValue(), variableEditor, queryImageId);
  };

  return { open, place };
}

type TabTexts = Record<'query' | 'variables', string>;

type Tabs = Pick<SlicesWithActions, 'queryEditor' | 'variableEditor' | 'tabs' | 'activeTabIndex'>;

/** What the open tab holds, which GraphiQL notes a moment later. */
function textsIn({ queryEditor, variableEditor }: Tabs): TabTexts {
  return { query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' };
}

function tabsOf(state: Tabs): TabTexts[] {
  return state.tabs.map(({ query, variables }, index) =>
    index === state.activeTabIndex ? textsIn(state) : { query: query ?? '', variables: variables ?? '' },
  );
}

function fill(query: string, editor: MonacoEditor, queryImageId: string): Placement {
  const variables = editor.getValue();
  try {
    tryParseJSONC(variables);
  } catch (error) {
    return refused(
      `The variables of this tab ${(error as Error).message} Correct them, and put the id into them then.`,
    );
  }
  const range = editor.getModel()?.getFullModelRange();
  const text = fillVariables(variables, queryImageVariablesOf(query), queryImageId);
  // An edit, so that it can be undone.
  if (range !== undefined) editor.executeEdits('photograph', [{ range, text }]);
  editor.pushUndoStop();
  return { kind: 'filled', operation: operationOf(query, null)?.name?.value ?? 'this tab' };
}

function refused(reason: string): Placement {
  return { kind: 'refused', reason };
}
