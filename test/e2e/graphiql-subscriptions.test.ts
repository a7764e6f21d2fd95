import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectClean, startBrowser, visit, type Visitor } from '../support/browser.js';
import { putInto, shownAnswer, textIn, waitForEditors } from '../support/graphiql-visit.js';
import { until } from '../support/until.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

/** Opens the sample subscription; `onSocket` is given each socket before it is connected. */
async function visitSubscription(onSocket?: (socket: WebSocketRoute) => void): Promise<Visitor> {
  const visitor = await visit(browser, inject('demoUrl'));
  const { page } = visitor;
  if (onSocket !== undefined) await page.routeWebSocket(/\/graphql$/, onSocket);
  await page.goto('/graphiql');
  await waitForEditors(page);
  await page.getByRole('tab').getByRole('button', { name: 'WatchEmbeddingStatus' }).click();
  await until('the tab is open', async () => (await textIn(page, 'operation.graphql'))?.includes('subscription'));
  return visitor;
}

function execute(page: Page): Promise<void> {
  return page.getByRole('button', { name: /^Execute query/ }).click();
}

const snapshot = { data: { embeddingStatus: { coverage: { total: 384, missing: 0 } } } };

describe('a subscription in GraphiQL', () => {
  it('shows what comes at once, and is stopped by its button', async () => {
    const visitor = await visitSubscription();
    const { page } = visitor;
    await execute(page);
    expect(await until('the snapshot comes', () => shownAnswer(page))).toMatchObject(snapshot);
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('comes back after a lost connection', async () => {
    const sockets: WebSocketRoute[] = [];
    const visitor = await visitSubscription((socket) => {
      socket.connectToServer();
      sockets.push(socket);
    });
    const { page } = visitor;
    await execute(page);
    await until('the snapshot comes', () => shownAnswer(page));
    await sockets[0]?.close({ code: 1012, reason: 'The server restarts' });
    await putInto(page, 'response.json', '');
    expect(await until('another snapshot comes', () => shownAnswer(page))).toMatchObject(snapshot);
    expect(sockets).toHaveLength(2);
    await page.getByRole('button', { name: /^Stop query/ }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });

  it('says why there is none, where the first connection fails', async () => {
    const visitor = await visitSubscription((socket) => void socket.close({ code: 4403, reason: 'Forbidden' }));
    const { page } = visitor;
    await execute(page);
    expect(await until('the reason is shown', () => shownAnswer(page))).toEqual({
      errors: [{ message: 'The WebSocket of the subscription was closed with code 4403: Forbidden.' }],
    });
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    expectClean(visitor);
    await visitor.close();
  });
});
