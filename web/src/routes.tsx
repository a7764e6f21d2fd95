import { createBrowserRouter } from 'react-router';
import { Layout } from './layout.js';
import { NotFoundPage } from './not-found-page.js';
import { BrokenPage } from './broken-page.js';
import { ProductPage } from './product/product-page.js';
import { SearchPage } from './search/search-page.js';

/** Addresses of the page. The server sends it for each of them, so that they can be shared and reloaded. */
export const router = createBrowserRouter([
  {
    element: <Layout />,
    // Nothing is there while the part of the page that an address needs is on its way.
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: BrokenPage,
        children: [
          { path: '/', element: <SearchPage /> },
          { path: '/products/:id', element: <ProductPage /> },
          {
            path: '/admin',
            // Shoppers need not load it.
            lazy: async () => ({ Component: (await import('./admin/admin-page.js')).AdminPage }),
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('./admin/backfills-page.js')).BackfillsPage }),
              },
              {
                path: 'backfills/:id',
                lazy: async () => ({ Component: (await import('./admin/backfill-page.js')).BackfillPage }),
              },
              {
                path: 'models',
                lazy: async () => ({ Component: (await import('./admin/models-page.js')).ModelsPage }),
              },
            ],
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
