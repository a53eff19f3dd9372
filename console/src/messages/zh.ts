/** Chinese. */
import type { Texts } from './texts.ts';
import { accounts } from './zh/accounts.ts';
import { acmeKeys } from './zh/acme-keys.ts';
import { acts } from './zh/acts.ts';
import { alarms } from './zh/alarms.ts';
import { approvals } from './zh/approvals.ts';
import { audit } from './zh/audit.ts';
import { authorities } from './zh/authorities.ts';
import { blockedKeys } from './zh/blocked-keys.ts';
import { certificates } from './zh/certificates.ts';
import { charts } from './zh/charts.ts';
import { confirm } from './zh/confirm.ts';
import { containers } from './zh/containers.ts';
import { credentials } from './zh/credentials.ts';
import { csr } from './zh/csr.ts';
import { customFields } from './zh/custom-fields.ts';
import { domains } from './zh/domains.ts';
import { finder } from './zh/finder.ts';
import { frame } from './zh/frame.ts';
import { home } from './zh/home.ts';
import { issuers } from './zh/issuers.ts';
import { jobs } from './zh/jobs.ts';
import { list } from './zh/list.ts';
import { mail } from './zh/mail.ts';
import { newOrder } from './zh/new-order.ts';
import { order } from './zh/order.ts';
import { orders } from './zh/orders.ts';
import { organizations } from './zh/organizations.ts';
import { products } from './zh/products.ts';
import { reports } from './zh/reports.ts';
import { roleGrants } from './zh/role-grants.ts';
import { settings } from './zh/settings.ts';
import { shared } from './zh/shared.ts';
import { signIn } from './zh/sign-in.ts';
import { users } from './zh/users.ts';
import { webhooks } from './zh/webhooks.ts';
import { welcome } from './zh/welcome.ts';

export const zh: Texts = {
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
};
