/** Certificates on this wire: downloads, chains, revocation. */
import { z } from 'zod';
import { certificateItem } from '../orders/schema.ts';
import { wireActor } from '../users/schema.ts';
import { flag, idOf, optionalMailboxes, optionalNumber, optionalText, someText } from '../wire/shapes.ts';

/** Result of an operation whose reply is a file (`reply.ts`). */
export const file = z.object({
  mediaType: z.string(),
  name: z.string(),
  content: z.union([z.string(), z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)]),
});

export const formatRequest = z.object({ certificate_id: idOf('certificate'), format: someText });

export const platformRequest = z.object({ certificate_id: idOf('certificate'), platform_id: optionalNumber });

/** dex writes `format_type` and `sub_id`, dcc `formatType` and `subId`. */
export const orderDownloadRequest = z.object({
  order_id: idOf('order'),
  format: optionalText,
  format_type: optionalText,
  formatType: optionalText,
  sub_id: optionalText,
  subId: optionalText,
});

export const certificateRequest = z.object({ certificate_id: idOf('certificate') });

export const certificateInfo = certificateItem.extend({
  order_id: z.int(),
  organization: z.object({ id: z.int(), name: z.string() }).optional(),
  product: z.object({ name_id: z.string(), name: z.string(), type: z.string() }),
});

const chainLink = z.object({ subject_common_name: z.string(), pem: z.string() });

export const chain = z.object({ intermediates: z.array(chainLink) });

export const intermediates = z.object({
  intermediates: z.array(
    z.object({
      id: z.int(),
      subject_common_name: z.string(),
      subject_org_name: z.string(),
      issuer_common_name: z.string(),
      valid_from: z.string(),
      valid_to: z.string(),
      serial_number: z.string(),
      thumbprint: z.string(),
      signature_hash: z.string(),
      is_private: z.string(),
      pem: z.string(),
    }),
  ),
});

const revocation = {
  comments: optionalText,
  comment: optionalText,
  skip_approval: flag,
  revocation_reason: optionalText,
  reason: optionalText,
};

export const revokeOrderRequest = z.object({ order_id: idOf('order'), ...revocation });
/** A number, or a serial number in hex. */
export const revokeCertificateRequest = z.object({ certificate_id: someText, ...revocation });

export type RevocationRequest = Omit<z.output<typeof revokeOrderRequest>, 'order_id'>;

/** Undefined: it is revoked already. */
export const revocationRequest = z.union([
  z.void(),
  z.object({
    id: z.int(),
    date: z.string(),
    type: z.string(),
    status: z.string(),
    requester: wireActor,
    comments: z.string().optional(),
  }),
]);

export const sendRequest = z.object({ certificate_id: idOf('certificate'), emails: optionalMailboxes });
