/** Chinese. */
import type { Texts } from './texts.ts';
import { accounts } from './zh/accounts.ts';
import { approvals } from './zh/approvals.ts';
import { audit } from './zh/audit.ts';
import { certificates } from './zh/certificates.ts';
import { confirm } from './zh/confirm.ts';
import { credentials } from './zh/credentials.ts';
import { domains } from './zh/domains.ts';
import { finder } from './zh/finder.ts';
import { frame } from './zh/frame.ts';
import { home } from './zh/home.ts';
import { issuers } from './zh/issuers.ts';
import { jobs } from './zh/jobs.ts';
import { list } from './zh/list.ts';
import { orders } from './zh/orders.ts';
import { organizations } from './zh/organizations.ts';
import { products } from './zh/products.ts';
import { settings } from './zh/settings.ts';
import { shared } from './zh/shared.ts';
import { signIn } from './zh/sign-in.ts';
import { users } from './zh/users.ts';
import { webhooks } from './zh/webhooks.ts';

export const zh: Texts = {
  finder,
  settings,
  issuers,
  products,
  audit,
  jobs,
  webhooks,
  credentials,
  users,
  accounts,
  organizations,
  domains,
  approvals,
  certificates,
  confirm,
  frame,
  home,
  list,
  orders,
  shared,
  signIn,
};
