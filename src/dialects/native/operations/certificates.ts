/** Issued certificates: lists, details, files, revocation. */

import type { z } from 'zod';
import { type Certificate, certificateStandings } from '../../../domain/certificate.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { parseIdentifier } from '../../../domain/identifier.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { Page } from '../../../domain/page.ts';
import type { CertificateSurroundings } from '../../../domain/ports/certificates.ts';
import { certificateActions } from '../../../domain/ports/order-pages.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { fileHeaders } from '../../kit/reply.ts';
import { actionsToWire } from '../actions-to-wire.ts';
import { certificateFile, certificateMediaTypes, formatForAccept, keyFile } from '../certificate-files.ts';
import { certificateDetailsToWire, certificateToWire, surroundingsToWire } from '../certificate-to-wire.ts';
import { filteredPage, filterFrom, serialFrom } from '../list-filters.ts';
import { pageToWire, type WirePage } from '../paging.ts';
import { certificatesApi } from '../schema/certificates.ts';
import { readSeveral } from '../schema/list-filters.ts';
import type { WireListedCertificate } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { namedActors } from './actors.ts';

export async function certificatePageToWire<Cursor = number>(
  session: Client,
  page: Page<Certificate, Cursor>,
  textOf?: (cursor: Cursor) => string,
): Promise<WirePage<WireListedCertificate>> {
  const { caller, services } = session;
  const now = services.clock.now();
  const revoked = page.items.filter(({ revokedAt }) => revokedAt !== null);
  const doers = revoked.length === 0 ? [] : await services.events.doers(caller, { revoked });
  const actorOf = new Map<string, string>(doers.map(({ id, actor }) => [id, actor]));
  const actors = await namedActors(session, [...actorOf.values()]);
  const surroundings = await surroundingsOf(session, page.items);
  const toWire = (certificate: Certificate) => {
    const actor = actorOf.get(certificate.id);
    const shown = certificateToWire(certificate, now, actor === undefined ? undefined : actors.of(actor));
    return { ...shown, ...surroundingsToWire(certificate, surroundings.of(certificate)) };
  };
  return pageToWire(page, toWire, textOf);
}

/** One look-up for all of them. */
async function surroundingsOf({ caller, services }: Client, certificates: readonly Certificate[]) {
  const ids = certificates.map(({ id }) => id);
  const found = ids.length === 0 ? [] : await services.certificates.surroundings(caller, ids);
  const byId = new Map(found.map((one) => [one.certificateId, one]));
  return {
    of({ id }: Certificate): CertificateSurroundings {
      const one = byId.get(id);
      if (one !== undefined) return one;
      throw refuse('internal', {}, { cause: new Error(`nothing is known around ${id}`) });
    },
  };
}

async function oneCertificateToWire(session: Client, certificate: Certificate): Promise<WireListedCertificate> {
  const [shown] = (await certificatePageToWire(session, { items: [certificate], next: null })).items;
  if (shown !== undefined) return shown;
  throw refuse('internal', {}, { cause: new Error(`${certificate.id} is not shown`) });
}

/** The owner's only, by the rules of the port; a passphrase where the file has one, and only there. */
async function privateKeyFile(session: Client, input: z.output<typeof certificatesApi.privateKey.request>) {
  const { certificate, format, passphrase } = input;
  if (format === 'pem' && passphrase !== undefined) {
    const without = expected.withoutPemFormat;
    throw refuse('fieldInvalid', { field: 'passphrase', value: '"…"', expected: without });
  }
  if (format !== 'pem' && passphrase === undefined) throw refuse('fieldMissing', { field: 'passphrase' });
  const { caller, services } = session;
  const view = await services.certificates.get(caller, certificate);
  const { issuanceNumber } = (await surroundingsOf(session, [view.certificate])).of(view.certificate);
  if (issuanceNumber === null) throw refuse('notFound', { what: 'privateKey', value: quoted(certificate) });
  const key = await services.issuances.privateKey(caller, { issuanceNumber });
  const file = keyFile(view, key, { format, passphrase: passphrase ?? '', random: services.random });
  key.fill(0);
  return {
    mediaType: file.mediaType,
    fileName: file.fileName,
    base64: Buffer.from(file.bytes).toString('base64'),
  };
}

export const certificateOperations = [
  handled(certificatesApi.list, async (input, session) => {
    const { name, serial, text, replaced, key } = input;
    const filter = {
      ...filterFrom(input, session.services.clock),
      ...withDefined({
        standings: readSeveral(input.state, certificateStandings),
        text: text?.toLowerCase(),
        isReplaced: replaced === undefined ? undefined : replaced === 'true',
        keyHash: key?.toLowerCase(),
      }),
      ...(name === undefined ? {} : { name: parseIdentifier(name, 'name').value }),
      ...(serial === undefined ? {} : { serial: serialFrom(serial) }),
    };
    const { query, cursorOf } = filteredPage('certificates', input, filter);
    return certificatePageToWire(session, await session.services.certificates.list(session.caller, query), cursorOf);
  }),

  handled(certificatesApi.show, async (input, session) => {
    const view = await session.services.certificates.get(session.caller, input.certificate);
    const details = certificateDetailsToWire(view, await oneCertificateToWire(session, view.certificate));
    const { isKeyOurs } = (await surroundingsOf(session, [view.certificate])).of(view.certificate);
    const { actions, crl, needsApproval } = await session.services.orderPages.certificate(
      session.caller,
      view.certificate.id,
    );
    return {
      ...details,
      isKeyOurs,
      crl: crl && { number: crl.number, since: timeToWire(crl.since) },
      needsApproval,
      actions: actionsToWire(certificateActions, actions, session.language),
    };
  }),

  {
    ...handled(certificatesApi.download, async (input, { caller, services, request }) => {
      const format = input.format ?? formatForAccept(request.headers.get('accept'));
      const file = certificateFile(await services.certificates.get(caller, input.certificate), format);
      const { mediaType, fileName } = file;
      return { mediaType, fileName, base64: Buffer.from(file.bytes).toString('base64') };
    }),
    mediaTypes: certificateMediaTypes,
    replyHeaders: fileHeaders,
    render: renderFile,
  },

  handled(certificatesApi.revoke, async (input, session) => {
    const { caller, services } = session;
    const view = await services.revocations.revokeCertificate(caller, input.certificate, input.reason);
    return oneCertificateToWire(session, view.certificate);
  }),

  handled(certificatesApi.privateKey, (input, session) => privateKeyFile(session, input)),
];

/** The bytes themselves: what the handler answers is only their form inside. */
function renderFile(output: unknown): Response {
  const { mediaType, fileName, base64 } = certificatesApi.download.response.parse(output);
  return new Response(Buffer.from(base64, 'base64'), {
    headers: { 'content-type': mediaType, 'content-disposition': `attachment; filename="${fileName}"` },
  });
}
