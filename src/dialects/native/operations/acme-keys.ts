/** Keys by which ACME clients are bound to the account. */
import type { z } from 'zod';
import { directoryUrl, ownDirectory } from '../../../domain/external-account-key.ts';
import type { ExternalAccountKeyView } from '../../../domain/ports/external-account-keys.ts';
import { encodeBase64url } from '../../../pki/base64url.ts';
import { type acmeKey, acmeKeysApi } from '../schema/acme-keys.ts';
import { actingCaller, handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';

function keyToWire(key: ExternalAccountKeyView): z.output<typeof acmeKey> {
  const { id, number, accountId, dialect, keyId, name, productId, productCode, organizationId, coverage } = key;
  const { approval, defaultProfile, maxValidityDays, issuerId, accounts, ...lists } = key.policy;
  return {
    id,
    number,
    accountId,
    dialect,
    keyId,
    name,
    productId,
    productCode,
    organizationId,
    coverage: { unit: coverage.unit, count: coverage.count },
    names: lists.names && [...lists.names],
    profiles: lists.profiles && [...lists.profiles],
    defaultProfile,
    maxValidityDays,
    issuerId,
    methods: lists.methods && [...lists.methods],
    approval,
    accounts,
    addressRanges: lists.addressRanges && [...lists.addressRanges],
    preAuthorized: lists.preAuthorized && [...lists.preAuthorized],
    expiresAt: optionalTimeToWire(key.expiresAt),
    createdAt: timeToWire(key.createdAt),
    revokedAt: optionalTimeToWire(key.revokedAt),
  };
}

export const acmeKeyOperations = [
  handled(acmeKeysApi.list, async ({ account }, session) => {
    const caller = await actingCaller(session, account ?? null);
    return { items: (await session.services.externalAccountKeys.list(caller)).map(keyToWire) };
  }),

  handled(acmeKeysApi.create, async (input, session) => {
    const { account, name, productCode, organization, coverage, expiresAt, ...policy } = input;
    const { services } = session;
    const { key, hmacKey } = await services.externalAccountKeys.add(await actingCaller(session, account), {
      name,
      productCode,
      organization: organization === null ? null : referenceFromWire(organization),
      coverage,
      settings: {},
      policy,
      expiresAt: timeFromWire(expiresAt),
    });
    return {
      key: keyToWire(key),
      directoryUrl: directoryUrl(services.publicUrl, ownDirectory),
      hmacKey: encodeBase64url(hmacKey),
    };
  }),

  handled(acmeKeysApi.show, async ({ key }, { caller, services }) =>
    keyToWire(await services.externalAccountKeys.get(caller, referenceFromWire(key))),
  ),

  handled(acmeKeysApi.change, async ({ key, name, expiresAt, ...policy }, { caller, services }) => {
    const change = {
      policy,
      ...(name === undefined ? {} : { name }),
      ...(expiresAt === undefined ? {} : { expiresAt: timeFromWire(expiresAt) }),
    };
    return keyToWire(await services.externalAccountKeys.change(caller, referenceFromWire(key), change));
  }),

  handled(acmeKeysApi.revoke, async ({ key }, { caller, services }) =>
    keyToWire(await services.externalAccountKeys.revoke(caller, referenceFromWire(key))),
  ),
];

function timeFromWire(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
