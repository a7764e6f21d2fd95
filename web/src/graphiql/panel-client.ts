import { createLookalikeClient } from '@lookalike/apollo';

/** What the panels ask with. It has no token of its own, so that they say themselves which one they try. */
export const { client: panelClient } = createLookalikeClient();
