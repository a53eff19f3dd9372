/** Keys that must not be certified: lists, blocks, reports; the certificates of a key. */
import type { BlockedKey } from '../../../domain/blocked-key.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { publicOperation } from '../../kit/operation.ts';
import { certificateToWire } from '../certificate-to-wire.ts';
import { pageQueryOf, pageToWire } from '../paging.ts';
import { keysApi } from '../schema/keys.ts';
import type { WireBlockedKey } from '../schema.ts';
import { accountIdFrom, handled, type Services } from '../services.ts';
import { timeToWire } from '../values.ts';

function blockedKeyToWire(blocked: BlockedKey): WireBlockedKey {
  return {
    key: blocked.fingerprint,
    accountId: blocked.accountId,
    source: blocked.source,
    note: blocked.note,
    blockedBy: blocked.actor,
    certificateId: blocked.certificateId,
    createdAt: timeToWire(blocked.createdAt),
  };
}

export const keyOperations = [
  handled(keysApi.blocked, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account ?? null);
    const page = await session.services.keyRegister.list(session.caller, {
      ...pageQueryOf(input),
      ...(accountId === null ? {} : { accountId }),
      ...withDefined({ key: input.key }),
    });
    return pageToWire(page, blockedKeyToWire);
  }),

  handled(keysApi.block, async ({ key, account, note }, session) => {
    const scope = await accountIdFrom(session, account);
    return blockedKeyToWire(await session.services.keyRegister.block(session.caller, { key, scope, note }));
  }),

  handled(keysApi.unblock, async ({ key, account }, session) => {
    const scope = await accountIdFrom(session, account);
    return blockedKeyToWire(await session.services.keyRegister.unblock(session.caller, { key, scope }));
  }),

  handled(keysApi.import, async ({ text, firstLine, account, note }, session) => {
    const scope = await accountIdFrom(session, account);
    return session.services.keyRegister.import(session.caller, { text, firstLine, scope, note });
  }),

  handled(keysApi.certificates, async (input, { caller, services }) => {
    const now = services.clock.now();
    const page = await services.keyRegister.certificates(caller, { ...pageQueryOf(input), key: input.key });
    return pageToWire(page, (certificate) => certificateToWire(certificate, now));
  }),

  handled(keysApi.revokeCertificates, async ({ key }, { caller, services }) =>
    services.keyRegister.revokeCertificates(caller, key),
  ),

  // Anybody who holds a key may report it, without an account here (BR §4.9.3).
  publicOperation<Services, typeof keysApi.report.request, typeof keysApi.report.response>({
    ...keysApi.report,
    handle: async ({ csr }, { services, origin }) => {
      const { keyHash } = await services.keyRegister.reportCompromise(csr, origin);
      return { key: keyHash };
    },
  }),
];
