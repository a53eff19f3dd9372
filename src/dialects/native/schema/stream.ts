/** The stream of changes. */
import { z } from 'zod';
import { topics } from '../../../domain/change.ts';
import { endpoint, nothing } from './shapes.ts';

/** One change, as the `data` of an event of the stream. */
export const change = z.object({
  topic: z.enum(topics),
  id: z.string().nullable(),
  version: z.int(),
});

export const streamApi = {
  open: endpoint({
    id: 'stream.open',
    method: 'GET',
    path: '/api/v1/stream',
    summary: { en: 'Follow what changes', zh: '订阅变更' },
    requestHeaders: {
      'Last-Event-ID':
        'The `id` of the last event that was received: the stream goes on after it, at whatever node. Where that is too long ago it begins with an event `reset`.',
    },
    request: nothing,
    response: z.string().meta({
      description: `Server-sent events. The \`data\` of each is \`{"topic","id","version"}\`: what has changed, never how; \`topic\` is one of ${topics.join(', ')}. An event \`reset\` says that some changes are not known: read again what is shown. A comment comes every 15 seconds.`,
    }),
  }),
};
