/** Whether our account at a vendor is in order, looked at now, without an order. */
import { formatMoney } from '../../domain/money.ts';
import type { CheckDetail, UpstreamCheck, UpstreamCheckSubject } from '../../domain/upstream-check.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorIssuerContext } from './context.ts';

/** Credentials, the products that the configuration names, and what is left of a prepaid balance. */
export async function checkVendor(
  { baseUrl, upstream, mapping }: VendorIssuerContext,
  signal: AbortSignal,
): Promise<readonly UpstreamCheck[]> {
  const checks: UpstreamCheck[] = [];
  const note = (what: UpstreamCheckSubject, ok: boolean, detail: CheckDetail) => checks.push({ what, ok, detail });
  try {
    const offered = await upstream.products(signal);
    note('access', true, baseUrl);
    const wanted = [...mapping.products.values(), ...(mapping.otherProducts === null ? [] : [mapping.otherProducts])];
    for (const { code } of new Map(wanted.map((one) => [one.code, one])).values()) {
      const product = offered.find((one) => one.code === code);
      note('product', product !== undefined, product === undefined ? lacking(code) : `${code} ${product.title}`);
    }
    if (upstream.balance !== undefined) note('balance', true, formatMoney(await upstream.balance(signal)));
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    note(checks.length === 0 ? 'access' : 'balance', false, thrown.message);
  }
  return checks;
}

function lacking(code: string): CheckDetail {
  return { en: `${code} is not among its products for us`, zh: `我们可购买的产品中没有 ${code}` };
}
