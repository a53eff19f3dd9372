/** An account is at one upstream, which knows it by one set of credentials and contacts: what issuers that share it must have in common. */
import { quoted } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import type { AcmeIssuerSection } from './issuers.ts';
import type { VendorIssuerSection } from './vendor-section.ts';

/** The first issuer of each account, by the account's name. */
export type AccountSharers = Map<
  string,
  { readonly id: string; readonly section: AcmeIssuerSection | VendorIssuerSection }
>;

/** @param url where the other issuer's upstream is */
export function accountElsewhere(account: string, other: string, url = ''): Phrase {
  return {
    en: `${quoted(account)} is the account of the issuer ${other} at another CA (${url}); choose another name`,
    zh: `${quoted(account)} 是签发机构 ${other} 在另一个 CA（${url}）的账户，请改用其他名称`,
  };
}

export function accountSettingDiffers(account: string, other: string, setting: string): Phrase {
  return {
    en: `${quoted(account)} is the account of the issuer ${other} as well, whose ${setting} are not the same; they belong to the account`,
    zh: `签发机构 ${other} 也使用账户 ${quoted(account)}，但两者的 ${setting} 不同；该设置属于账户，必须一致`,
  };
}
