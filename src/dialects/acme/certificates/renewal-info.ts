/** When to renew (RFC 9773 §4): read by everybody, without an account. */
import { z } from 'zod';
import { type Operation, publicOperation } from '../../kit/operation.ts';
import { directoryOf } from '../directory.ts';
import { directoryParams } from '../params.ts';
import type { Services } from '../services.ts';
import { basePath } from '../urls.ts';
import { wireTime } from '../wire-time.ts';
import { certIdFromWire } from './cert-id.ts';

const request = directoryParams.extend({ certId: z.string() });

const response = z.object({ suggestedWindow: z.object({ start: z.string(), end: z.string() }) });

const sixHours = 6 * 3600;

/** Six hours, a fifth more or less: clients that were started together should not come back together. */
function nextLookSeconds(random: Services['random']): number {
  const [first = 0, second = 0] = random.bytes(2);
  const share = (first * 256 + second) / 65_535;
  return Math.round(sixHours * (0.8 + 0.4 * share));
}

export const renewalInfo: Operation<Services> = publicOperation<Services, typeof request, typeof response>({
  id: 'certificate.renewalInfo',
  method: 'GET',
  path: `${basePath}:directory/renewal-info/:certId`,
  summary: { en: 'When to renew a certificate', zh: '查询证书的建议续期时间' },
  request,
  response,
  async handle({ directory, certId }, { services, reply }) {
    directoryOf(services, directory);
    const { start, end } = await services.certificates.renewalWindow(certIdFromWire(certId, 'certId'));
    reply.headers.set('retry-after', String(nextLookSeconds(services.random)));
    return { suggestedWindow: { start: wireTime(start), end: wireTime(end) } };
  },
});
