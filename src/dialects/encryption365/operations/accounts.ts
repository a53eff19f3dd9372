/** The caller's account, and what of accounts and payment this server leaves to its operator. */
import { refuse } from '../../../domain/errors.ts';
import { toMajor } from '../../../domain/money.ts';
import { callerOperation, publicOperation } from '../../kit/operation.ts';
import { account, done, emptyRequest } from '../schema.ts';
import type { Client, Services, Stranger } from '../services.ts';

export const showAccount = callerOperation({
  id: 'account.details',
  method: 'POST',
  path: '/account/details',
  summary: { en: 'Balance of the account', zh: '账户余额' },
  request: emptyRequest,
  response: account,
  async handle(_input, { services, caller }: Client) {
    const { balanceMinor, currency } = await services.platform.account(caller);
    return { result: 'success', credit: toMajor(balanceMinor, currency), currency };
  },
});

const registrationHint = {
  en: 'accounts are made by the operator of this server; ask them for a user name and password',
  zh: '账户由本服务器管理员创建，请向管理员索取用户名和密码',
};

const paymentHint = {
  en: "an account's balance is credited by the operator of this server",
  zh: '账户余额由本服务器管理员充值',
};

export const register = closed(
  'account.register',
  '/account/register',
  'Register an account',
  '注册账户',
  registrationHint,
);

export const sendRegistrationCode = closed(
  'account.register.authcode',
  '/account/register/authcode',
  'Send a registration code',
  '发送注册验证码',
  registrationHint,
);

export const pay = closed('payment', '/payment/*', 'Pay into the account', '充值', paymentHint);

export const showInvoice = closed('invoice', '/invoice/*', 'Invoices of payments', '账单', paymentHint);

/** A call of the vendor's that this server knows and does not offer. It says so, and what to do instead. */
function closed(id: string, path: string, en: string, zh: string, hint: { readonly en: string; readonly zh: string }) {
  return publicOperation<Services, typeof emptyRequest, typeof done>({
    id,
    method: 'POST',
    path,
    summary: { en, zh },
    request: emptyRequest,
    response: done,
    async handle(_input, { language, request }: Stranger) {
      throw refuse('operationClosed', { operation: new URL(request.url).pathname, hint: hint[language] });
    },
  });
}
