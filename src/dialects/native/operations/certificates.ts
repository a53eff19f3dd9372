/** Issued certificates: lists, details, files, revocation. */

import { type Certificate, certificateStandings } from '../../../domain/certificate.ts';
import { parseIdentifier } from '../../../domain/identifier.ts';
import type { Page } from '../../../domain/page.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { fileHeaders } from '../../kit/reply.ts';
import {
  certificateDetailsToWire,
  certificateFile,
  certificateMediaTypes,
  certificateToWire,
  formatForAccept,
} from '../certificate-to-wire.ts';
import { filteredPage, filterFrom, serialFrom } from '../list-filters.ts';
import { pageToWire, type WirePage } from '../paging.ts';
import { certificatesApi } from '../schema/certificates.ts';
import { readSeveral } from '../schema/list-filters.ts';
import type { WireCertificate } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { namedActors } from './actors.ts';

export async function certificatePageToWire<Cursor = number>(
  session: Client,
  page: Page<Certificate, Cursor>,
  textOf?: (cursor: Cursor) => string,
): Promise<WirePage<WireCertificate>> {
  const { caller, services } = session;
  const now = services.clock.now();
  const revoked = page.items.filter(({ revokedAt }) => revokedAt !== null);
  const doers = revoked.length === 0 ? [] : await services.events.doers(caller, { revoked });
  const actorOf = new Map<string, string>(doers.map(({ id, actor }) => [id, actor]));
  const actors = await namedActors(session, [...actorOf.values()]);
  const toWire = (certificate: Certificate) => {
    const actor = actorOf.get(certificate.id);
    return certificateToWire(certificate, now, actor === undefined ? undefined : actors.of(actor));
  };
  return pageToWire(page, toWire, textOf);
}

async function oneCertificateToWire(session: Client, certificate: Certificate): Promise<WireCertificate> {
  const { items } = await certificatePageToWire(session, { items: [certificate], next: null });
  return items[0] ?? certificateToWire(certificate, session.services.clock.now());
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
    return certificateDetailsToWire(view, await oneCertificateToWire(session, view.certificate));
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
];

/** The bytes themselves: what the handler answers is only their form inside. */
function renderFile(output: unknown): Response {
  const { mediaType, fileName, base64 } = certificatesApi.download.response.parse(output);
  return new Response(Buffer.from(base64, 'base64'), {
    headers: { 'content-type': mediaType, 'content-disposition': `attachment; filename="${fileName}"` },
  });
}
