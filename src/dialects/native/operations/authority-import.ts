/** Taking over a CA that was run elsewhere. */
import { renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { ImportedAuthority } from '../../../domain/ports/authority-import.ts';
import { certificatePem } from '../certificate-files.ts';
import { authorityImportApi } from '../schema/authority-import.ts';
import type { WireImportedAuthority } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';
import { authorityToWire } from './server.ts';

async function importedToWire(
  imported: ImportedAuthority,
  { caller, services, language }: Client,
): Promise<WireImportedAuthority> {
  const { authority, list } = imported;
  const states = authority === null ? [] : await services.server.authorities(caller);
  const state = states.find((one) => one.authority.id === authority?.id);
  return {
    authority: state === undefined ? null : authorityToWire(state),
    role: imported.role,
    pem: certificatePem(imported.certificate),
    subject: imported.subject,
    keyKind: imported.keyKind,
    notAfter: timeToWire(imported.notAfter),
    above: [...imported.above],
    list: list && { number: list.number, thisUpdate: timeToWire(list.thisUpdate), entries: list.entries },
    nextListNumber: imported.nextListNumber,
    serials: { ...imported.serials },
    warnings: warningsToWire(imported, language),
  };
}

function warningsToWire({ warnings }: ImportedAuthority, language: Language): WireImportedAuthority['warnings'] {
  return warnings.map((one) => ({ key: one.key, message: renderReason(one, language) }));
}

export const authorityImportOperations = [
  handled(authorityImportApi.addSerials, async ({ upload, serials }, { caller, services }) =>
    services.authorityImport.addSerials(
      caller,
      upload,
      serials.map(({ serial, notAfter, revokedAt, reason, certificate }) => ({
        serial,
        certificate: certificate === null ? null : Buffer.from(certificate, 'base64'),
        notAfter: new Date(notAfter),
        revoked: revokedAt === null ? null : { at: new Date(revokedAt), reason },
      })),
    ),
  ),

  handled(authorityImportApi.examine, async (parts, session) =>
    importedToWire(await session.services.authorityImport.examine(session.caller, parts), session),
  ),

  handled(authorityImportApi.take, async (parts, session) =>
    importedToWire(await session.services.authorityImport.take(session.caller, parts), session),
  ),

  handled(authorityImportApi.revokeSerial, async (request, { caller, services }) => {
    const { authorityId, serial, notAfter, revokedAt, revocationReason } = await services.authorityImport.revokeSerial(
      caller,
      request,
    );
    return {
      authorityId,
      serial,
      notAfter: timeToWire(notAfter),
      revokedAt: optionalTimeToWire(revokedAt),
      reason: revocationReason,
    };
  }),
];
