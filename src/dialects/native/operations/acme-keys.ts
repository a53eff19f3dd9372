/** Keys by which ACME clients are bound to the account. */
import type { z } from 'zod';
import { directoryUrl, type ExternalAccountKey, ownDirectory } from '../../../domain/external-account-key.ts';
import { encodeBase64url } from '../../../pki/base64url.ts';
import { type acmeKey, acmeKeysApi } from '../schema/acme-keys.ts';
import { actingCaller, handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';

function keyToWire(key: ExternalAccountKey): z.output<typeof acmeKey> {
  const { id, number, accountId, keyId, name, productId, organizationId, coverage } = key;
  return {
    id,
    number,
    accountId,
    keyId,
    name,
    productId,
    organizationId,
    coverage: { unit: coverage.unit, count: coverage.count },
    createdAt: timeToWire(key.createdAt),
    revokedAt: optionalTimeToWire(key.revokedAt),
  };
}

export const acmeKeyOperations = [
  handled(acmeKeysApi.list, async (_, { caller, services }) => ({
    items: (await services.externalAccountKeys.list(caller)).map(keyToWire),
  })),

  handled(acmeKeysApi.create, async ({ account, name, productCode, organization, coverage }, session) => {
    const { services } = session;
    const { key, hmacKey } = await services.externalAccountKeys.add(await actingCaller(session, account), {
      name,
      productCode,
      organization: organization === null ? null : referenceFromWire(organization),
      coverage,
      settings: {},
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

  handled(acmeKeysApi.revoke, async ({ key }, { caller, services }) =>
    keyToWire(await services.externalAccountKeys.revoke(caller, referenceFromWire(key))),
  ),
];
