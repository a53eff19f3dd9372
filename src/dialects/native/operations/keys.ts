/** Keys that must not be certified: lists, blocks, reports; the certificates of a key. */
import type { BlockedKey } from '../../../domain/blocked-key.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { publicOperation } from '../../kit/operation.ts';
import { pageQueryOf, pageWithTotal } from '../paging.ts';
import { keysApi } from '../schema/keys.ts';
import type { WireBlockedKey } from '../schema.ts';
import { accountIdFrom, handled, type Services } from '../services.ts';
import { timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';
import { certificatePageToWire } from './certificates.ts';

const naming: NamingActors<BlockedKey, WireBlockedKey> = {
  idsOf: ({ actor }) => [actor],
  toWire: (blocked, actors) => ({
    key: blocked.fingerprint,
    accountId: blocked.accountId,
    source: blocked.source,
    note: blocked.note,
    blockedBy: actors.of(blocked.actor),
    certificateId: blocked.certificateId,
    createdAt: timeToWire(blocked.createdAt),
  }),
};

export const keyOperations = [
  handled(keysApi.blocked, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account ?? null);
    const page = await session.services.keyRegister.list(session.caller, {
      ...pageQueryOf(input),
      ...(accountId === null ? {} : { accountId }),
      ...withDefined({ key: input.key, source: input.source, text: input.text }),
    });
    return namedPageToWire(session, page, naming);
  }),

  handled(keysApi.block, async ({ key, account, note }, session) => {
    const scope = await accountIdFrom(session, account);
    return oneToWire(session, await session.services.keyRegister.block(session.caller, { key, scope, note }), naming);
  }),

  handled(keysApi.unblock, async ({ key, account }, session) => {
    const scope = await accountIdFrom(session, account);
    return oneToWire(session, await session.services.keyRegister.unblock(session.caller, { key, scope }), naming);
  }),

  handled(keysApi.import, async ({ text, firstLine, account, note }, session) => {
    const scope = await accountIdFrom(session, account);
    return session.services.keyRegister.import(session.caller, { text, firstLine, scope, note });
  }),

  handled(keysApi.certificates, async (input, session) => {
    const { caller, services } = session;
    const { before: from } = pageQueryOf(input);
    const page = await pageWithTotal(input, {
      from,
      read: (limit, before) =>
        services.keyRegister.certificates(caller, { limit, ...withDefined({ before }), key: input.key }),
    });
    return certificatePageToWire(session, page);
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
