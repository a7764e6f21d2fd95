import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useMediaQuery } from '../ui/use-media-query.js';

/** What GraphiQL does not see to by itself. Stands in it, and shows nothing. */
export function GraphiQLCare() {
  useSystemTheme();
  useActiveTabOnShow();
  useActiveTabInView();
  useWrappedLines();
  return null;
}

/** Its editors change their colours with the system's only when they are told to. */
function useSystemTheme(): void {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  const isDark = useMediaQuery('(prefers-color-scheme: dark)');
  useEffect(() => {
    if (theme === null) setTheme(null);
  }, [theme, isDark, setTheme]);
}

/** It opens with the variables that were edited last, which are not those of a tab that nobody has edited yet. */
function useActiveTabOnShow(): void {
  const { queryEditor, variableEditor, headerEditor, tabs, activeTabIndex } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'tabs', 'activeTabIndex'),
  );
  const actions = useGraphiQLActions();
  const isReady = queryEditor !== undefined && variableEditor !== undefined && headerEditor !== undefined;
  const showActiveTab = useEffectEvent(() => {
    if (variableEditor?.getValue() !== (tabs[activeTabIndex]?.variables ?? '')) actions.changeTab(activeTabIndex);
  });
  // Only once: from then on they go together.
  useEffect(() => {
    if (isReady) showActiveTab();
  }, [isReady]);
}

/** A new tab is added at the end of a row that may be longer than there is room for. */
function useActiveTabInView(): void {
  const id = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id);
  const seen = useRef(id);
  useEffect(() => {
    if (seen.current === id) return;
    seen.current = id;
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [id]);
}

/** What an operation is for stands above it, in lines longer than its editor is wide. */
function useWrappedLines(): void {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => editor?.updateOptions({ wordWrap: 'on' }), [editor]);
}
