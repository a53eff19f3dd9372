/** Signing in and out of the console, and the sessions that are open. */
import { z } from 'zod';
import { endpoint, nothing, pageOf, reference, time, userReference, wholeRequest } from './shapes.ts';

/** Longer than any name and password together: what strangers send is read before anybody is known. */
const bodyLimitBytes = 8 << 10;

export const session = z
  .object({
    id: z.string(),
    isCurrent: z.boolean().meta({ description: 'The session of this request.' }),
    address: z.string().meta({ description: 'The address that signed in.' }),
    createdAt: time,
    lastUsedAt: time.meta({ description: 'To the minute.' }),
    idleEndsAt: time.meta({ description: 'It ends then, unless it is used before.' }),
    expiresAt: time.meta({ description: 'It ends then, however much it is used.' }),
    confirmedUntil: time.nullable().meta({
      description: 'Until then it may do what needs a confirmation; null: the password must be typed again first.',
    }),
  })
  .meta({ id: 'Session' });

export const sessionApi = {
  create: endpoint({
    id: 'session.create',
    method: 'POST',
    path: '/api/v1/session',
    summary: { en: 'Sign in to the console with a user name and a password', zh: '使用用户名和密码登录控制台' },
    status: 201,
    request: z.strictObject({
      username: z.string().min(1).max(254),
      password: z.string().min(1).max(1000),
    }),
    response: session,
    bodyLimitBytes,
    requestHeaders: { 'X-Certmux-Console': 'Always 1.' },
  }),
  end: endpoint({
    id: 'session.end',
    method: 'DELETE',
    path: '/api/v1/session',
    summary: { en: 'Sign out', zh: '退出登录' },
    request: nothing,
    response: z.object({ ended: z.literal(true) }),
    bodyLimitBytes,
  }),
  confirm: endpoint({
    id: 'session.confirm',
    method: 'POST',
    path: '/api/v1/session/confirm',
    summary: {
      en: 'Type the password again, which for ten minutes lets the session do what needs a confirmation',
      zh: '再次输入密码确认身份，十分钟内可以进行需要确认的操作',
    },
    request: z.strictObject({ password: z.string().min(1).max(1000) }),
    response: session,
    bodyLimitBytes,
  }),
} as const;

export const sessionsApi = {
  list: endpoint({
    id: 'sessions.list',
    method: 'GET',
    path: '/api/v1/sessions',
    summary: { en: 'Your open sessions, or those of a user, newest first', zh: '自己或某个用户的登录会话（新的在前）' },
    request: wholeRequest.extend({ user: userReference.exactOptional().meta({ description: 'Default: you.' }) }),
    response: pageOf(session),
  }),
  end: endpoint({
    id: 'sessions.end',
    method: 'DELETE',
    path: '/api/v1/sessions/:session',
    summary: { en: 'End a session, yours or that of a user', zh: '结束一个登录会话（自己的或某个用户的）' },
    request: z.strictObject({ session: reference('session').meta({ description: 'Id of the session.' }) }),
    response: z.object({ ended: z.literal(true) }),
  }),
} as const;
