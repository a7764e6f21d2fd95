import { join } from 'node:path';
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import { sendFrontText, type FrontPageOptions } from './front-page.js';
import { pageHeaders, type PageDocument } from './page-headers.js';

/** The addresses that the page itself has a view for. */
const VIEWS = ['/', /^\/products\/./, /^\/admin(\/|$)/];

const ANYTHING = /^/;

/**
 * A file that lies directly in the folder; as it is spelt, so that no encoded name is another one on the disk. Documents have
 * headers of their own, and GraphiQL's may be switched off.
 */
const ROOT_FILE = /^\/[\w-]+(?:\.[\w-]+)*\.(?!html$)[\w-]+$/i;

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** No file is so long that a part of it would be worth asking for. */
const FILES = { index: false, redirect: false, dotfiles: 'ignore', acceptRanges: false } as const;

const FOR_EVER = { maxAge: YEAR_MS, immutable: true };

/**
 * Serves the page to browsers and a text to whoever else asks for `/`, and the page once more, as 404, to a browser at an
 * unknown address. It takes what nothing before it has taken.
 */
export function servePage(app: Express, options: FrontPageOptions): void {
  const { webRoot, graphiql } = options;
  if (webRoot !== null) {
    serveFiles(app, webRoot);
    app.get(VIEWS, forBrowsers, sendDocument(webRoot, 'index.html'));
    if (graphiql) app.get('/graphiql', sendDocument(webRoot, 'graphiql.html'));
  }
  app.get('/', sendFrontText(options));
  if (webRoot !== null) app.get(ANYTHING, forBrowsers, sendDocument(webRoot, 'index.html', 404));
}

function serveFiles(app: Express, webRoot: string): void {
  // The names of these hold a digest of their content.
  app.use(
    '/assets',
    withoutPolicy,
    compression(),
    express.static(join(webRoot, 'assets'), { ...FILES, ...FOR_EVER }),
    (_, response) => {
      // A build that is being rolled out may have it in a moment.
      response.set('Cache-Control', 'no-cache').sendStatus(404);
    },
  );
  app.get(ROOT_FILE, express.static(webRoot, { ...FILES, maxAge: HOUR_MS }));
}

/** A worker that a page starts is bound by the policy of its own file, and the page's is for it. */
const withoutPolicy: RequestHandler = (_request, response, next) => {
  response.removeHeader('Content-Security-Policy');
  next();
};

function sendDocument(root: string, document: PageDocument, status = 200): RequestHandler {
  return (request, response) => {
    response.status(status).set(pageHeaders(document, request.get('host')));
    // A part of it would be answered as 206, whatever the status.
    response.sendFile(document, { root, acceptRanges: false });
  };
}

/** Lets browsers through; whoever takes anything, as curl does, is better served with text. */
const forBrowsers: RequestHandler = (request, response, next) => {
  response.vary('Accept');
  if (request.accepts(['text/plain', 'text/html']) === 'text/html') next();
  else next('route');
};
