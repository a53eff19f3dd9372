/** The caller's account, and what of accounts and payment this server leaves to its operator. */
import { type CertError, refuse } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
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
    const { balanceMinor, currency } = await services.accounts.get(caller);
    return { result: 'success', credit: toMajor(balanceMinor, currency), currency };
  },
});

export type Text = Readonly<Record<Language, string>>;

const paymentHint: Text = {
  en: "an account's balance is credited by the operator of this server",
  zh: '账户余额由本服务器管理员充值',
};

export const pay = closed('payment', '/payment/*', 'Pay into the account', '充值', paymentHint);

export const showInvoice = closed('invoice', '/invoice/*', 'Invoices of payments', '账单', paymentHint);

/** A call of the vendor's that this server knows and does not offer. It says so, and what to do instead. */
function closed(id: string, path: string, en: string, zh: string, hint: Text) {
  return publicOperation<Services, typeof emptyRequest, typeof done>({
    id,
    method: 'POST',
    path,
    summary: { en, zh },
    request: emptyRequest,
    response: done,
    async handle(_input, session: Stranger) {
      throw notOffered(session, hint);
    },
  });
}

/** The refusal of a call that this server does not offer, with what to do instead. */
export function notOffered({ language, request }: Stranger, hint: Text): CertError {
  return refuse('operationClosed', { operation: new URL(request.url).pathname, hint: hint[language] });
}
