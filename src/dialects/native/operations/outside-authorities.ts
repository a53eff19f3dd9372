/** Authorities that hang under a CA outside: for operators. */
import type { Authority, AuthorityRequest } from '../../../domain/authority.ts';
import { quoted, refuse, renderReason } from '../../../domain/errors.ts';
import { type CaRequest, keyRemovalText } from '../../../domain/ports/authorities.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { encryptedKeyPem } from '../../../pki/encrypted-key.ts';
import { decodePem, encodePem } from '../../../pki/pem.ts';
import { wholeToWire } from '../paging.ts';
import { outsideAuthoritiesApi } from '../schema/outside-authorities.ts';
import type { WireAuthorityRequest } from '../schema.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { authorityToWire } from './server.ts';

function requestToWire(request: AuthorityRequest): WireAuthorityRequest {
  return {
    id: request.id,
    issuerId: request.issuerId,
    keyKind: request.keyKind,
    subject: request.subject,
    followsId: request.followsId,
    createdAt: timeToWire(request.createdAt),
    csr: encodePem('CERTIFICATE REQUEST', request.csr),
  };
}

function shortOf({ id, role, keyPlace, subject, notAfter }: Authority) {
  return { id, role, keyPlace, subject, notAfter: timeToWire(notAfter) };
}

export const outsideAuthorityOperations = [
  handled(outsideAuthoritiesApi.requests, async (_, { caller, services }) =>
    wholeToWire(await services.authorities.requests(caller), requestToWire),
  ),

  handled(outsideAuthoritiesApi.request, async (input, { caller, services }) => {
    const { renews, sameKey, keyKind, commonName, organization, country, pathLength } = input;
    const request: CaRequest = {
      pathLength,
      subject: withDefined({ commonName, organization, country }),
      ...withDefined({ renews, keyKind }),
      ...(sameKey ? { keepsKey: true as const } : {}),
    };
    return requestToWire(await services.authorities.request(caller, request));
  }),

  handled(outsideAuthoritiesApi.withdraw, async ({ request }, { caller, services }) => {
    await services.authorities.withdraw(caller, request);
    return {};
  }),

  handled(outsideAuthoritiesApi.install, async ({ files, dryRun, shorter }, { caller, services, language }) => {
    const installed = await services.authorities.install(caller, {
      files,
      ...(dryRun ? { isDryRun: true as const } : {}),
      ...(shorter ? { allowsShorter: true as const } : {}),
    });
    return {
      authorities: installed.authorities.map(({ authority, change }) => ({ change, ...shortOf(authority) })),
      warnings: installed.warnings.map((one) => ({ key: one.key, message: renderReason(one, language) })),
      isDryRun: installed.isDryRun,
    };
  }),

  handled(outsideAuthoritiesApi.uploadList, async ({ authority, list }, { caller, services }) => {
    const der = decodePem(list, { what: 'list', labels: ['X509 CRL'] });
    const uploaded = await services.authorities.uploadList(caller, authority, der);
    const state = (await services.server.authorities(caller)).find((one) => one.authority.id === authority);
    if (state === undefined) throw refuse('notFound', { what: 'authority', value: quoted(authority) });
    return {
      authority: authorityToWire(state),
      revoked: uploaded.revoked.map(({ subject }) => subject),
    };
  }),

  handled(outsideAuthoritiesApi.exportKey, async ({ authority, passphrase }, { caller, services }) => {
    const key = encryptedKeyPem(await services.authorities.exportKey(caller, authority, passphrase));
    return { key, toSign: keyRemovalText(authority) };
  }),

  handled(outsideAuthoritiesApi.removeKey, async ({ authority, signature }, { caller, services }) =>
    shortOf(await services.authorities.removeKey(caller, authority, Buffer.from(signature, 'base64'))),
  ),
];
