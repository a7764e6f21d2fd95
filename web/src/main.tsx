import { ApolloProvider } from '@apollo/client/react';
import { createLookalikeClient } from '@lookalike/apollo';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { readAdminToken } from './admin-token.js';
import { noteConnection } from './connection.js';
import { refusedTokenLink } from './refused-token-link.js';
import { router } from './routes.js';
import './styles/theme.css';

const { client } = createLookalikeClient({ token: readAdminToken, onConnectionChange: noteConnection });
client.setLink(refusedTokenLink.concat(client.link));
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root".');

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={client}>
      <RouterProvider router={router} />
    </ApolloProvider>
  </StrictMode>,
);
