/** Replies as a client reads them: the document shows an issued and a waiting application, and no failed one; its table and its samples disagree on types. */
import { z } from 'zod';
import { lenientBoolean, lenientNumber, lenientText, numberFromWire, textFromWire } from '../kit/lenient.ts';
import { looseList, looseObject } from '../kit/loose.ts';

/** `code` null: it has none. */
export const envelope = z.object({ code: lenientNumber, msg: lenientText, data: z.unknown().optional() });

const delegation = z.object({
  domain: lenientText,
  host: lenientText,
  hostValue: lenientText,
  valid: lenientBoolean,
});

export const delegationsReply = z.object({
  /** Null, or `{}` for a list without items. */
  configs: z.unknown().optional().transform(looseList).pipe(z.array(delegation)),
  valid: lenientBoolean,
});

/** The id: text in the document's sample; or in the object that the next call shows. */
export const appliedReply = z
  .unknown()
  .transform((value) => textFromWire(value) || textFromWire(looseObject(value).id))
  .pipe(z.string().trim().min(1));

export const applicationReply = z.object({
  id: lenientText,
  /** 1 issued, 2 under way, 3 failed; a text only where it is none of them. */
  status: z
    .unknown()
    .transform((value) => numberFromWire(value) ?? textFromWire(value))
    .refine((value) => value !== ''),
  algorithm: lenientText,
  ca: lenientText,
  domains: lenientText,
  certificate: lenientText,
  privateKey: lenientText,
  progress: lenientNumber,
  /** In no document: another certmux says here why it failed. */
  reason: lenientText,
});

export type ApplicationReply = z.output<typeof applicationReply>;
export type ReplyDelegation = z.output<typeof delegation>;
