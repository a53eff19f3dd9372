/** Who calls: the person, the session, what they may call, and what they chose for themselves. */
import { z } from 'zod';
import { longestViewName, longestViewQuery, mostViews, userMailKinds } from '../../../domain/user-preferences.ts';
import { account } from './accounts.ts';
import { actor } from './actors.ts';
import { session } from './sessions.ts';
import { endpoint, nothing, roles } from './shapes.ts';

const language = z.enum(['en', 'zh']);
const zone = z.string().min(1).max(60);

const mutedMail = z.enum(userMailKinds);

const meUser = z
  .object({
    id: z.string(),
    number: z.int(),
    username: z.string(),
    name: z.string().meta({ description: 'First and last name; the user name where neither is known.' }),
    language: language.nullable().meta({ description: 'Null: that of the browser.' }),
    zone: z
      .string()
      .nullable()
      .meta({ description: 'A time zone such as `Asia/Shanghai`; null: that of the browser.' }),
    mutedMails: z.array(mutedMail).meta({
      description:
        'Mails that are not wanted. `approvals`: a request waits for them; `balance`: the balance of their account is low.',
    }),
  })
  .meta({ id: 'MeUser' });

export const me = z
  .object({
    actor: actor.meta({ description: 'As the audit log names it: a credential or a user.' }),
    credentialId: z.string().nullable(),
    roles: z.array(roles),
    account: account.nullable().meta({ description: 'Null for somebody who sees all accounts.' }),
    user: meUser.nullable().meta({ description: 'The person, or the one who holds the key; null: nobody holds it.' }),
    session: session.nullable().meta({ description: 'Null where a key is used.' }),
    may: z.array(z.string()).meta({
      description:
        'The operations of this document that the roles allow, by their ids. An object may be in a state that does not.',
    }),
    server: z.object({ version: z.string(), publicUrl: z.string() }),
  })
  .meta({ id: 'Me' });

const view = z
  .strictObject({
    name: z.string().trim().min(1).max(longestViewName),
    list: z
      .string()
      .regex(/^[a-z][A-Za-z]{0,39}$/)
      .meta({ description: 'The list: `orders`.' }),
    query: z.string().max(longestViewQuery).meta({ description: 'Filters and order, as in the address of the page.' }),
  })
  .meta({ id: 'View' });

const views = z.object({ views: z.array(view).meta({ description: 'In the order in which they are shown.' }) });

export const meApi = {
  show: endpoint({
    id: 'me.show',
    method: 'GET',
    path: '/api/v1/me',
    summary: { en: 'Who calls, and what they may call', zh: '当前身份及其可用的操作' },
    request: nothing,
    response: me,
  }),
  change: endpoint({
    id: 'me.change',
    method: 'PATCH',
    path: '/api/v1/me',
    summary: {
      en: 'Change your language, your time zone, or which mails you get',
      zh: '修改自己的语言、时区或邮件通知',
    },
    request: z.strictObject({
      language: language.nullable().exactOptional(),
      zone: zone.nullable().exactOptional(),
      mutedMails: z.array(mutedMail).max(userMailKinds.length).exactOptional(),
    }),
    response: me,
  }),
  views: endpoint({
    id: 'me.views',
    method: 'GET',
    path: '/api/v1/me/views',
    summary: { en: 'The lists that you saved with their filters', zh: '自己保存的列表视图' },
    request: nothing,
    response: views,
  }),
  putViews: endpoint({
    id: 'me.putViews',
    method: 'PUT',
    path: '/api/v1/me/views',
    summary: { en: 'Replace the lists that you saved', zh: '替换自己保存的列表视图' },
    request: z.strictObject({ views: z.array(view).max(mostViews) }),
    response: views,
  }),
} as const;
