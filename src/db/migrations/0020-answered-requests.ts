/** What requests with an idempotency key were answered, so that the same request again is answered the same. */
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0020: Migration = {
  name: '0020-answered-requests',
  up: ({ schema }, { integer, blob, heap }) => [
    heap(
      schema
        .createTable('answered_requests')
        .addColumn('id', 'text', primary)
        .addColumn('fingerprint', 'text', required)
        .addColumn('request_id', 'text', required)
        .addColumn('process', 'text', required)
        .addColumn('held_until', integer, required)
        .addColumn('sealed_answer', blob)
        .addColumn('expires_at', integer, required),
    ),
    // "Which are over?"
    schema.createIndex('answered_requests_over').on('answered_requests').column('expires_at'),
  ],
};
