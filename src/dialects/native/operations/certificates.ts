/** Issued certificates: lists, details, files, revocation. */

import { certificateStandings } from '../../../domain/certificate.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { fileHeaders } from '../../kit/reply.ts';
import {
  certificateDetailsToWire,
  certificateFile,
  certificateMediaTypes,
  certificateToWire,
  formatForAccept,
} from '../certificate-to-wire.ts';
import { filteredPageOf, filterFrom, placeCursor } from '../list-filters.ts';
import { pageToWire } from '../paging.ts';
import { certificatesApi } from '../schema/certificates.ts';
import { readSeveral } from '../schema/list-filters.ts';
import { handled } from '../services.ts';

export const certificateOperations = [
  handled(certificatesApi.list, async (input, { caller, services }) => {
    const { name, serial } = input;
    const query = {
      ...filteredPageOf(input),
      ...filterFrom(input, services.clock),
      ...withDefined({ standings: readSeveral(input.state, certificateStandings), name: name?.toLowerCase() }),
      ...(serial === undefined ? {} : { serial: serialOf(serial) }),
    };
    const now = services.clock.now();
    const page = await services.certificates.list(caller, query);
    return pageToWire(page, (certificate) => certificateToWire(certificate, now), placeCursor);
  }),

  handled(certificatesApi.show, async (input, { caller, services }) =>
    certificateDetailsToWire(await services.certificates.get(caller, input.certificate), services.clock.now()),
  ),

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

  handled(certificatesApi.revoke, async (input, { caller, services }) => {
    const view = await services.revocations.revokeCertificate(caller, input.certificate, input.reason);
    return certificateToWire(view.certificate, services.clock.now());
  }),
];

/** The bytes themselves: what the handler answers is only their form inside. */
function renderFile(output: unknown): Response {
  const { mediaType, fileName, base64 } = certificatesApi.download.response.parse(output);
  return new Response(Buffer.from(base64, 'base64'), {
    headers: { 'content-type': mediaType, 'content-disposition': `attachment; filename="${fileName}"` },
  });
}

/** A serial as people paste it: `0A:1B…`, upper case, blanks. */
function serialOf(text: string): string {
  return text.replaceAll(/[\s:]/g, '').toLowerCase();
}
