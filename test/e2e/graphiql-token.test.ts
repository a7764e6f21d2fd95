import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAccessible, expectClean, startBrowser } from '../support/browser.js';
import {
  openPanel,
  run,
  shownAnswer,
  textIn,
  putInto,
  untilKept,
  visitGraphiQL,
  waitForEditors,
} from '../support/graphiql-visit.js';
import { until } from '../support/until.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

async function openOperation(page: Page, name: string): Promise<void> {
  await openPanel(page, 'Operations');
  await page.getByRole('region', { name: 'Operations' }).getByRole('button', { name, exact: true }).click();
  await until('it is open', async () => (await textIn(page, 'operation.graphql'))?.includes(` ${name}`));
}

async function saveToken(page: Page, token: string): Promise<void> {
  await openPanel(page, 'Admin token');
  await page.getByLabel(/^(Another t|T)oken$/).fill(token);
  await page.getByRole('button', { name: 'Save' }).click();
}

const refused = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };

describe('the panel for the admin token', () => {
  it('says that a wrong token is wrong, and does not send it', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await saveToken(page, 'not-the-token');
    await page.getByText('That is not the admin token of this server.').waitFor();
    await expectAccessible(page, '.graphiql-plugin');
    await openOperation(page, 'EmbeddingBackfills');
    const [sent, answer] = await Promise.all([page.waitForRequest('**/graphql'), run(page)]);
    expect(sent.headers().authorization).toBeUndefined();
    expect(answer).toMatchObject(refused);
    expectClean(visitor);
    await visitor.close();
  });

  it('sends the right one until it is forgotten, also after the page was loaded anew', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await saveToken(page, inject('demoAdminToken'));
    await page.getByText('The server accepts it.').waitFor();
    await openOperation(page, 'EmbeddingBackfills');
    expect(await run(page)).toMatchObject({ data: { embeddingBackfills: { nodes: [{ state: 'COMPLETED' }] } } });
    await untilKept(page);
    await page.reload();
    await waitForEditors(page);
    await openPanel(page, 'Admin token');
    await page.getByText('The server accepts it.').waitFor();
    expect(await run(page)).toMatchObject({ data: { embeddingBackfills: {} } });
    await page.getByRole('button', { name: 'Forget' }).click();
    await page.getByText('The server accepts it.').waitFor({ state: 'detached' });
    expect(await run(page)).toMatchObject(refused);
    expectClean(visitor);
    await visitor.close();
  });

  it('gives the token to the next subscription', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    const opened: unknown[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(payload.toString()) as { type: string };
        if (message.type === 'connection_init') opened.push(message);
      });
    });
    await openOperation(page, 'WatchEmbeddingStatus');
    const watch = async (): Promise<void> => {
      await page.getByRole('button', { name: /^Execute query/ }).click();
      await until('the snapshot comes', () => shownAnswer(page));
      await page.getByRole('button', { name: /^Stop query/ }).click();
    };
    await watch();
    await saveToken(page, inject('demoAdminToken'));
    await page.getByText('The server accepts it.').waitFor();
    await watch();
    expect(opened).toEqual([
      { type: 'connection_init', payload: {} },
      { type: 'connection_init', payload: { authorization: `Bearer ${inject('demoAdminToken')}` } },
    ]);
    expectClean(visitor);
    await visitor.close();
  });

  it('gives way to a header that is typed in the editor for them', async () => {
    const visitor = await visitGraphiQL(browser);
    const { page } = visitor;
    await saveToken(page, inject('demoAdminToken'));
    await page.getByText('The server accepts it.').waitFor();
    await openOperation(page, 'EmbeddingBackfills');
    await page.getByRole('button', { name: 'Headers' }).click();
    await putInto(page, 'request-headers.json', '{ "Authorization": "Bearer another" }');
    expect(await run(page)).toMatchObject(refused);
    expectClean(visitor);
    await visitor.close();
  });
});
