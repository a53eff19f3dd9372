/** English. A part of its own for each group of screens. */

import { approvals } from './en/approvals.ts';
import { certificates } from './en/certificates.ts';
import { confirm } from './en/confirm.ts';
import { domains } from './en/domains.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { list } from './en/list.ts';
import { orders } from './en/orders.ts';
import { organizations } from './en/organizations.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';

export const en = {
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
