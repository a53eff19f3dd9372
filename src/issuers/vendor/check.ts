/** Whether our account at a vendor is in order, looked at now, without an order. */
import { formatMoney, type Money } from '../../domain/money.ts';
import type { CheckDetail, UpstreamCheck, UpstreamCheckSubject } from '../../domain/upstream-check.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { isLow } from '../../domain/upstream-watch.ts';
import type { VendorIssuerContext } from './context.ts';

/** Credentials, the products that the configuration names, and what is left of a prepaid balance. */
export async function checkVendor(
  { baseUrl, upstream, mapping, balanceWarning }: VendorIssuerContext,
  signal: AbortSignal,
): Promise<readonly UpstreamCheck[]> {
  const checks: UpstreamCheck[] = [];
  const note = (what: UpstreamCheckSubject, ok: boolean, detail: CheckDetail) => checks.push({ what, ok, detail });
  const noteBalance = (left: Money) => {
    const problem = balanceWarning === null ? undefined : problemOf(left, balanceWarning);
    note('balance', problem === undefined, problem ?? formatMoney(left));
  };
  try {
    const offered = await upstream.products(signal);
    note('access', true, baseUrl);
    const wanted = [...mapping.products.values(), ...(mapping.otherProducts === null ? [] : [mapping.otherProducts])];
    for (const { code } of new Map(wanted.map((one) => [one.code, one])).values()) {
      const product = offered.find((one) => one.code === code);
      note('product', product !== undefined, product === undefined ? lacking(code) : `${code} ${product.title}`);
    }
    if (upstream.balance !== undefined) noteBalance(await upstream.balance(signal));
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    note(checks.length === 0 ? 'access' : 'balance', false, thrown.message);
  }
  return checks;
}

function problemOf(left: Money, warning: Money): CheckDetail | undefined {
  const [is, limit] = [formatMoney(left), formatMoney(warning)];
  if (left.currency !== warning.currency) {
    return {
      en: `${is}: balanceWarning is in another currency (${limit}), and warns of nothing`,
      zh: `${is}：balanceWarning 为另一币种（${limit}），不会告警`,
    };
  }
  return isLow(left, warning)
    ? { en: `${is}, below the ${limit} of balanceWarning`, zh: `${is}，低于 balanceWarning 的 ${limit}` }
    : undefined;
}

function lacking(code: string): CheckDetail {
  return { en: `${code} is not among its products for us`, zh: `我们可购买的产品中没有 ${code}` };
}
