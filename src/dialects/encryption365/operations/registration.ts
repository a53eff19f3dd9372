/** Registration: closed unless the operator gave a code to those who may register. */

import { z } from 'zod';
import { quoted, refuse } from '../../../domain/errors.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { publicOperation } from '../../kit/operation.ts';
import type { Encryption365Config } from '../config.ts';
import { acknowledgement, emptyRequest, type RegisterRequest, registerRequest } from '../schema.ts';
import type { Stranger } from '../services.ts';
import { notOffered, type Text } from './accounts.ts';

const maxNameLength = 200;

const whereCodeComesFrom: Text = {
  en: 'this server sends no mail: the operator gives the code to those who may register',
  zh: '本服务器不发送邮件，注册码由管理员提供，请向管理员索取',
};

const registered: Text = {
  en: 'the account is made; sign in with its user name and password',
  zh: '注册成功，请使用用户名和密码登录',
};

const registrationHint: Text = {
  en: 'accounts are made by the operator of this server; ask them for a user name and password',
  zh: '账户由本服务器管理员创建，请向管理员索取用户名和密码',
};

/** The vendor sent a code by mail. Here the operator gives one to those who may register. */
export const sendRegistrationCode = publicOperation({
  id: 'account.register.authcode',
  method: 'POST',
  path: '/account/register/authcode',
  summary: { en: 'Say where the registration code comes from', zh: '获取注册码的方式' },
  request: emptyRequest,
  response: acknowledgement,
  async handle(_input, session: Stranger) {
    requireOpenRegistration(session);
    return { result: 'success', status: 'success', message: whereCodeComesFrom[session.language] };
  },
});

export const register = publicOperation({
  id: 'account.register',
  method: 'POST',
  path: '/account/register',
  summary: { en: 'Register an account', zh: '注册账户' },
  request: registerRequest,
  response: acknowledgement,
  async handle(input, session: Stranger) {
    const { authcode: expected, perHour, perHourAndNetwork } = requireOpenRegistration(session);
    const { services, origin, language } = session;
    const code = { given: needed(input, 'authcode'), expected };
    const username = emailFrom(needed(input, 'username'));
    const password = needed(input, 'password');
    const accountName = nameFrom(input) ?? username;
    await services.signIn.register(
      {
        code,
        username,
        password,
        accountName,
        currency: 'CNY',
        contactEmail: username,
        limits: { perHour, perHourAndNetwork },
      },
      origin,
    );
    return { result: 'success', status: 'success', message: registered[language] };
  },
});

/** @returns the code that opens it, and how often */
function requireOpenRegistration(session: Stranger): Exclude<Encryption365Config['registration'], 'closed'> {
  const { registration } = session.services.config;
  if (registration === 'closed') throw notOffered(session, registrationHint);
  return registration;
}

function needed(input: RegisterRequest, field: 'username' | 'password' | 'authcode'): string {
  const value = input[field] ?? '';
  if (value === '') throw refuse('fieldMissing', { field });
  return value;
}

/** Accounts of this vendor are called by their e-mail address. */
function emailFrom(username: string): string {
  if (z.email().safeParse(username).success) return username;
  throw refuse('fieldInvalid', { field: 'username', value: quoted(username), expected: expected.email });
}

/** Name of the account: the company, else the person. */
function nameFrom({ companyname, realName }: RegisterRequest): string | undefined {
  const name = companyname ?? realName;
  if (name === undefined || name.length <= maxNameLength) return name;
  const field = companyname === undefined ? 'realName' : 'companyname';
  throw refuse('fieldInvalid', { field, value: quoted(name), expected: expectedOf.charactersAtMost(maxNameLength) });
}
