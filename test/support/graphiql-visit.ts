import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { inject } from 'vitest';
import { visit, type Visitor } from './browser.js';
import { until } from './until.js';

/** What GraphiQL's editors hold, by the ends of their names. Monaco shows only what is in view, so it is asked itself. */
type Editor = 'operation.graphql' | 'variables.json' | 'request-headers.json' | 'response.json';

/** Opens GraphiQL of the demo, and waits until its editors are there. */
export async function visitGraphiQL(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const visitor = await visit(browser, inject('demoUrl'), options);
  await visitor.page.goto('/graphiql');
  await waitForEditors(visitor.page);
  return visitor;
}

/** Until the first tab can be run. */
export async function waitForEditors(page: Page): Promise<void> {
  await until('the editors hold the open tab', async () => {
    const [operation, variables] = [await textIn(page, 'operation.graphql'), await textIn(page, 'variables.json')];
    return operation !== null && operation !== '' && variables !== null && variables !== '';
  });
}

/** The text of an editor; null while there is none. */
export function textIn(page: Page, editor: Editor): Promise<string | null> {
  return page.evaluate<string | null>(`${modelOf(editor)}?.getValue() ?? null`);
}

function modelOf(editor: Editor): string {
  return `globalThis.__MONACO?.editor.getModels().find((model) => model.uri.path.endsWith('${editor}'))`;
}

/** The variables of the open tab. */
export async function variablesIn(page: Page): Promise<Record<string, unknown>> {
  return JSON.parse((await textIn(page, 'variables.json')) ?? '') as Record<string, unknown>;
}

/** Puts a text into an editor in place of what it holds, as it is: with keys, Monaco would add braces and quotes of its own. */
export async function putInto(page: Page, editor: Editor, text: string): Promise<void> {
  await page.evaluate(`${modelOf(editor)}.setValue(${JSON.stringify(text)})`);
}

/** Waits until the browser has kept the open tab, as GraphiQL does half a second after a change. */
export async function untilKept(page: Page): Promise<void> {
  const [query, variables] = [await textIn(page, 'operation.graphql'), await textIn(page, 'variables.json')];
  await until('the open tab is kept', async () => {
    const kept = await page.evaluate<Record<string, string>>('({ ...localStorage })');
    const { tabs, activeTabIndex } = JSON.parse(kept['graphiql:tabState'] ?? '{ "tabs": [] }') as KeptTabs;
    const tab = tabs[activeTabIndex];
    return tab?.query === query && tab.variables === variables && kept['graphiql:variables'] === variables;
  });
}

interface KeptTabs {
  tabs: { query: string | null; variables: string | null }[];
  activeTabIndex: number;
}

/** Runs the open tab, and returns the answer that comes over HTTP. */
export async function run(page: Page): Promise<Answer> {
  const isOurs = (request: Request): boolean =>
    new URL(request.url()).pathname === '/graphql' && request.postData()?.includes('IntrospectionQuery') === false;
  const [response] = await Promise.all([
    page.waitForResponse((answer) => isOurs(answer.request())),
    page.getByRole('button', { name: /^Execute query/ }).click(),
  ]);
  await response.finished();
  return until('the answer is shown', () => shownAnswer(page));
}

/** What is shown as an answer; null while there is nothing. */
export async function shownAnswer(page: Page): Promise<Answer | null> {
  const text = await textIn(page, 'response.json');
  return text === null || text === '' ? null : (JSON.parse(text) as Answer);
}

/** An answer of the API, loosely. */
export interface Answer {
  data?: Record<
    string,
    { edges?: { node: { id: string; title: string; category?: string } }[] } & Record<string, unknown>
  >;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The titles of the products in an answer's first field. */
export function titlesIn({ data = {} }: Answer): string[] {
  const [first] = Object.values(data);
  return first?.edges?.map(({ node }) => node.title) ?? [];
}

/** Opens a panel of the side bar. */
export async function openPanel(page: Page, name: 'Photograph' | 'Operations' | 'Admin token'): Promise<void> {
  const show = page.getByRole('button', { name: `Show ${name}`, exact: true });
  if (await show.isVisible()) await show.click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}
