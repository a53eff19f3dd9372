/** English. A part of its own for each group of screens. */

import { accounts } from './en/accounts.ts';
import { approvals } from './en/approvals.ts';
import { audit } from './en/audit.ts';
import { certificates } from './en/certificates.ts';
import { confirm } from './en/confirm.ts';
import { credentials } from './en/credentials.ts';
import { domains } from './en/domains.ts';
import { finder } from './en/finder.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { issuers } from './en/issuers.ts';
import { jobs } from './en/jobs.ts';
import { list } from './en/list.ts';
import { orders } from './en/orders.ts';
import { organizations } from './en/organizations.ts';
import { products } from './en/products.ts';
import { settings } from './en/settings.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';
import { users } from './en/users.ts';
import { webhooks } from './en/webhooks.ts';

export const en = {
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
} as const;
