/**
 * The message catalogue: everything a subscriber can be told, in English and Chinese. Each row names the field and the
 * value it speaks of. Rows are grouped by the part that says them.
 */
import { evidenceReasons } from './evidence.ts';
import { frontDoorReasons } from './front-doors.ts';
import { mailReasons } from './mail.ts';
import { orderReasons } from './orders.ts';
import { pkiReasons } from './pki.ts';
import { requestReasons } from './requests.ts';
import type { Row } from './row.ts';
import { serverReasons } from './server.ts';
import { validationReasons } from './validation.ts';

export const reasons = {
  ...requestReasons,
  ...pkiReasons,
  ...orderReasons,
  ...validationReasons,
  ...evidenceReasons,
  ...mailReasons,
  ...frontDoorReasons,
  ...serverReasons,
} as const;

export type Reasons = typeof reasons;
export type ReasonKey = keyof Reasons;
export type ReasonParams<K extends ReasonKey> = Reasons[K] extends Row<infer P> ? P : never;
