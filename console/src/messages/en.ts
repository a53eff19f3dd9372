/** English. A part of its own for each group of screens. */
import { accounts } from './en/accounts.ts';
import { acmeKeys } from './en/acme-keys.ts';
import { acts } from './en/acts.ts';
import { alarms } from './en/alarms.ts';
import { approvals } from './en/approvals.ts';
import { audit } from './en/audit.ts';
import { authorities } from './en/authorities.ts';
import { blockedKeys } from './en/blocked-keys.ts';
import { certificates } from './en/certificates.ts';
import { charts } from './en/charts.ts';
import { confirm } from './en/confirm.ts';
import { containers } from './en/containers.ts';
import { credentials } from './en/credentials.ts';
import { csr } from './en/csr.ts';
import { customFields } from './en/custom-fields.ts';
import { domains } from './en/domains.ts';
import { finder } from './en/finder.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { issuers } from './en/issuers.ts';
import { jobs } from './en/jobs.ts';
import { list } from './en/list.ts';
import { mail } from './en/mail.ts';
import { newOrder } from './en/new-order.ts';
import { order } from './en/order.ts';
import { orders } from './en/orders.ts';
import { organizations } from './en/organizations.ts';
import { products } from './en/products.ts';
import { reports } from './en/reports.ts';
import { roleGrants } from './en/role-grants.ts';
import { settings } from './en/settings.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';
import { users } from './en/users.ts';
import { webhooks } from './en/webhooks.ts';
import { welcome } from './en/welcome.ts';

export const en = {
  accounts,
  roleGrants,
  blockedKeys,
  mail,
  alarms,
  containers,
  acmeKeys,
  acts,
  approvals,
  audit,
  authorities,
  certificates,
  charts,
  confirm,
  credentials,
  csr,
  customFields,
  domains,
  finder,
  frame,
  home,
  issuers,
  jobs,
  list,
  newOrder,
  order,
  orders,
  organizations,
  products,
  reports,
  settings,
  shared,
  signIn,
  users,
  webhooks,
  welcome,
} as const;
