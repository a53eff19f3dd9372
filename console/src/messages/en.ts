/** English. A part of its own for each group of screens. */
import { acts } from './en/acts.ts';
import { charts } from './en/charts.ts';
import { confirm } from './en/confirm.ts';
import { csr } from './en/csr.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { newOrder } from './en/new-order.ts';
import { order } from './en/order.ts';
import { orders } from './en/orders.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';

export const en = { acts, charts, confirm, csr, frame, home, newOrder, order, orders, shared, signIn } as const;
