/** Passwords of the people who sign in: set by a manager, reset by a link, changed by themselves. */
import { z } from 'zod';
import { invitation, user } from './credentials.ts';
import { endpoint, userReference } from './shapes.ts';

const password = z.string().min(10).max(1000);

export const passwordsApi = {
  set: endpoint({
    id: 'passwords.set',
    method: 'PUT',
    path: '/api/v1/users/:user/password',
    summary: { en: 'Set the password of a user, and end their sessions', zh: '设置用户密码，并退出其全部登录会话' },
    request: z.strictObject({ user: userReference, password }),
    response: user,
  }),
  reset: endpoint({
    id: 'passwords.reset',
    method: 'POST',
    path: '/api/v1/users/:user/password-reset',
    summary: {
      en: 'Let a user choose another password, by mail or by a link shown this once',
      zh: '重置用户密码（发送邮件，或生成仅显示一次的链接）',
    },
    status: 201,
    request: z.strictObject({
      user: userReference,
      showLink: z.boolean().default(false).meta({
        description:
          'No mail is sent: the link is in the answer, for you to hand over. Whoever has it can choose the password.',
      }),
    }),
    response: invitation,
  }),
  change: endpoint({
    id: 'passwords.change',
    method: 'PUT',
    path: '/api/v1/me/password',
    summary: { en: 'Change your own password, and end all of your sessions', zh: '修改自己的密码，并退出全部登录会话' },
    request: z.strictObject({ present: z.string().min(1).max(1000), password }),
    response: z.object({ changed: z.literal(true) }),
  }),
};
