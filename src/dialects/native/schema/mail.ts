/** Mailboxes that want no mail from this server. */
import { z } from 'zod';
import { actor } from './actors.ts';
import { countedPageRequest, endpoint, pageOf, reference, searchText, time } from './shapes.ts';

export const stoppedMailbox = z
  .object({
    address: z.string(),
    stoppedAt: time.nullable().meta({ description: 'Null: it gets mail again.' }),
    stoppedBy: actor
      .nullable()
      .meta({ description: 'Kind `reader`: by the link in a mail; else the operator who did it.' }),
    stoppedFrom: z.string().nullable().meta({ description: 'From which address on the network.' }),
  })
  .meta({ id: 'Mailbox' });

export const mailApi = {
  stopped: endpoint({
    id: 'mail.stopped',
    method: 'GET',
    path: '/api/v1/mail/stopped',
    summary: { en: 'Mailboxes that want no mail, the latest first', zh: '已停止接收邮件的邮箱（新的在前）' },
    // The cursor has an address in it.
    request: z.strictObject({
      ...countedPageRequest.shape,
      cursor: z.string().max(500).optional(),
      text: searchText.optional().meta({ description: 'Part of the address.' }),
      by: z.enum(['reader', 'operator']).optional().meta({ description: 'By its reader, or by an operator.' }),
    }),
    response: pageOf(stoppedMailbox),
  }),
  stop: endpoint({
    id: 'mail.stop',
    method: 'POST',
    path: '/api/v1/mail/stopped',
    summary: { en: 'Send a mailbox no more mail', zh: '停止向邮箱发送邮件' },
    status: 201,
    request: z.strictObject({ address: z.string().min(1).max(254) }),
    response: stoppedMailbox,
  }),
  test: endpoint({
    id: 'mail.test',
    method: 'POST',
    path: '/api/v1/mail/test',
    summary: { en: 'Send one mail now, to try the mail server', zh: '立即发送一封测试邮件' },
    request: z.strictObject({ address: z.string().min(1).max(254) }),
    response: z
      .object({
        address: z.string(),
        server: z.string(),
        isTaken: z.boolean().meta({ description: 'The mail server took it. Whether it arrives, its reader knows.' }),
        answer: z.string().meta({ description: 'What the mail server answered, or what went wrong.' }),
      })
      .meta({ id: 'MailTest' }),
  }),
  lift: endpoint({
    id: 'mail.lift',
    method: 'DELETE',
    path: '/api/v1/mail/stopped/:address',
    summary: { en: 'Send a mailbox mail again', zh: '恢复向邮箱发送邮件' },
    request: z.strictObject({ address: reference('mailbox') }),
    response: stoppedMailbox,
  }),
} as const;
