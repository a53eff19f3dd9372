/**
 * The message catalogue: every refusal and every finding of a check, in English and Chinese. A message says what is wrong (the
 * field and its value), why, and what to do next. Mails and pages have their texts in `mails/` and `pages/`; docs/messages.md
 * shows them all.
 */
import { acmeReasons } from './acme.ts';
import { acmeUpstreamReasons } from './acme-upstream.ts';
import { authorityReasons } from './authorities.ts';
import { authorityImportReasons } from './authority-import.ts';
import { backupReasons } from './backup.ts';
import { caOrderReasons } from './ca-orders.ts';
import { databaseReasons } from './database.ts';
import { delegationReasons } from './delegation.ts';
import { dnsPersistReasons } from './dns-persist.ts';
import { evidenceReasons } from './evidence.ts';
import { frontDoorReasons } from './front-doors.ts';
import { jobReasons } from './jobs.ts';
import { mailReasons } from './mail.ts';
import { orderReasons } from './orders.ts';
import { pkiReasons } from './pki.ts';
import { requestReasons } from './requests.ts';
import type { Row } from './row.ts';
import { serverReasons } from './server.ts';
import { startReasons } from './start.ts';
import { tlsAlpnReasons } from './tls-alpn.ts';
import { validationReasons } from './validation.ts';
import { vendorReasons } from './vendors.ts';
import { verifyReasons } from './verify.ts';

export const reasons = {
  ...requestReasons,
  ...pkiReasons,
  ...orderReasons,
  ...validationReasons,
  ...tlsAlpnReasons,
  ...dnsPersistReasons,
  ...delegationReasons,
  ...evidenceReasons,
  ...mailReasons,
  ...jobReasons,
  ...frontDoorReasons,
  ...serverReasons,
  ...databaseReasons,
  ...backupReasons,
  ...verifyReasons,
  ...startReasons,
  ...acmeReasons,
  ...caOrderReasons,
  ...acmeUpstreamReasons,
  ...vendorReasons,
  ...authorityImportReasons,
  ...authorityReasons,
} as const;

export type Reasons = typeof reasons;
export type ReasonKey = keyof Reasons;
export type ReasonParams<K extends ReasonKey> = Reasons[K] extends Row<infer P> ? P : never;
