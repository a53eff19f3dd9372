/** Chinese. */
import type { Texts } from './texts.ts';
import { acts } from './zh/acts.ts';
import { charts } from './zh/charts.ts';
import { confirm } from './zh/confirm.ts';
import { csr } from './zh/csr.ts';
import { frame } from './zh/frame.ts';
import { home } from './zh/home.ts';
import { newOrder } from './zh/new-order.ts';
import { order } from './zh/order.ts';
import { orders } from './zh/orders.ts';
import { shared } from './zh/shared.ts';
import { signIn } from './zh/sign-in.ts';

export const zh: Texts = { acts, charts, confirm, csr, frame, home, newOrder, order, orders, shared, signIn };
