/** Certificates: fetched and revoked (RFC 8555 §7.4.2, §7.6). */
import { z } from 'zod';
import type { RevocationReason } from '../../../domain/certificate.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { decodeBase64url } from '../../../pki/base64url.ts';
import { withoutRoot } from '../../../pki/chain.ts';
import { keySignatureOf } from '../../../pki/jws.ts';
import { encodePem } from '../../../pki/pem.ts';
import { callerOperation, type Operation, publicOperation } from '../../kit/operation.ts';
import { directoryOf } from '../directory.ts';
import { directoryParams } from '../params.ts';
import { authenticateAccount, authenticateBareKey, signedPartsOf } from '../requests.ts';
import type { Services } from '../services.ts';
import { basePath } from '../urls.ts';
import { renewalInfo } from './renewal-info.ts';

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
    const { certificate, chain } = await services.acmeOrders.certificate(caller, id);
    reply.headers.set('content-type', mediaType);
    return [certificate.der, ...withoutRoot(chain)].map((der) => encodePem('CERTIFICATE', der)).join('');
  },
});

const revokeRequest = directoryParams.extend({ certificate: z.string(), reason: z.unknown().optional() });

/** The reasons that an account may give (RFC 5280 §5.3.1). */
const reasonOfCode = new Map<unknown, RevocationReason>([
  [0, 'unspecified'],
  [1, 'keyCompromise'],
  [3, 'affiliationChanged'],
  [4, 'superseded'],
  [5, 'cessationOfOperation'],
]);

const revoke = publicOperation<Services, typeof revokeRequest, z.ZodVoid>({
  id: 'certificate.revoke',
  method: 'POST',
  path: `${basePath}:directory/revoke-cert`,
  summary: { en: 'Revoke a certificate', zh: '吊销证书' },
  request: revokeRequest,
  response: z.void(),
  // Nothing but the status, which clients want to be 200.
  status: 200,
  async handle({ directory, certificate: encoded, reason: code = 0 }, { services, request, origin }) {
    directoryOf(services, directory);
    const { signer, jws } = signedPartsOf(request);
    // Who asks comes first: a stranger learns nothing of certificates.
    const by =
      'jwk' in signer
        ? await authenticateBareKey(services, request)
        : await authenticateAccount(services, { request, directory, origin });
    const certificate = derOf(encoded);
    const reason = reasonOfCode.get(code);
    if (reason === undefined) throw refuse('revocationReasonWrong', { value: quoted(code) });
    if ('spkiDer' in by) {
      const held = { certificate, publicKey: by.spkiDer, proof: keySignatureOf(jws) };
      await services.revocations.revokeByKey(held, origin);
      return;
    }
    const { approval } = await services.revocations.revokePresented(by, certificate, reason);
    // No client understands an answer other than 200 for anything but a failure.
    if (approval !== null && approval.state !== 'approved') {
      throw refuse('revocationWaits', { request: String(approval.number) });
    }
  },
});

function derOf(encoded: string): Uint8Array {
  const der = decodeBase64url(encoded);
  if (der !== undefined && der.length > 0) return Uint8Array.from(der);
  throw refuse('fieldInvalid', { field: 'certificate', value: quoted(encoded), expected: expected.base64url });
}

export const certificateOperations: readonly Operation<Services>[] = [show, revoke, renewalInfo];
