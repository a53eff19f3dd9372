/** Certificates: fetched and revoked (RFC 8555 §7.4.2, §7.6). */
import { z } from 'zod';
import { withoutRoot } from '../../../pki/chain.ts';
import { encodePem } from '../../../pki/pem.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { directoryParams } from '../params.ts';
import type { Services } from '../services.ts';
import { basePath } from '../urls.ts';

const certificateRequest = directoryParams.extend({ certificate: z.string() });

const mediaType = 'application/pem-certificate-chain';

const show = callerOperation<Services, typeof certificateRequest, z.ZodString>({
  id: 'certificate.show',
  method: 'POST',
  path: `${basePath}:directory/cert/:certificate`,
  summary: { en: 'Fetch a certificate with its chain', zh: '下载证书及证书链' },
  request: certificateRequest,
  response: z.string(),
  mediaTypes: [mediaType],
  async handle({ certificate: id }, { services, caller, reply }) {
    const { certificate, chain } = await services.certificates.get(caller, id);
    reply.headers.set('content-type', mediaType);
    return [certificate.der, ...withoutRoot(chain)].map((der) => encodePem('CERTIFICATE', der)).join('');
  },
});

export const certificateOperations: readonly Operation<Services>[] = [show];
