/** Rows of requests with an idempotency key. */
import type { AnsweredRequest } from '../../domain/ports/stores/answered-requests.ts';
import { codecOf } from '../codec.ts';
import { blob, date, nullable, text } from '../fields.ts';

export const answeredRequests = codecOf<AnsweredRequest>()('answered_requests', {
  id: text('id'),
  fingerprint: text('fingerprint'),
  requestId: text('request_id'),
  process: text('process'),
  heldUntil: date('held_until'),
  sealedAnswer: nullable(blob('sealed_answer')),
  expiresAt: date('expires_at'),
});
