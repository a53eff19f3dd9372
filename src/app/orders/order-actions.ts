/**
 * What a caller may do with an order now. Every answer comes from the rules that the calls themselves apply: their row in the table
 * of roles, and the checks with which they begin. What a call refuses for its own input (a key, a name, the balance) is not known here.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Actions, OrderAction } from '../../domain/ports/order-pages.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { requireRolesOf } from '../accounts/port-roles.ts';
import type { AppContext } from '../context.ts';
import { isUnderWay, requireEndable } from '../issuing/end-issuance.ts';
import { requireChoosable } from '../proving/choose-method.ts';
import { requireCheckable } from '../proving/proving.ts';
import { actionsBy } from '../refusal-of.ts';
import { requireOrderRevocable } from '../revoking/revocation.ts';
import { refusalOfOrder, requireDecidable } from './approvals.ts';
import { requireCancellable, requireNotCarriedOver } from './cancel-order.ts';
import { requireWaiting } from './provide-csr.ts';
import { checkedAmount } from './refunds.ts';
import { requireActive, requireLastIssued, requireReissuable } from './reissue-order.ts';
import { requireNamesRemovable } from './remove-names.ts';
import { requireWithdrawable } from './withdraw.ts';

type Rules = Readonly<Record<OrderAction, () => void | Promise<void>>>;

/** @param view of the order's newest issuance */
export async function actionsOf(context: AppContext, caller: Caller, view: OrderView): Promise<Actions<OrderAction>> {
  return actionsBy(rulesOf(context, caller, view));
}

function rulesOf(context: AppContext, caller: Caller, view: OrderView): Rules {
  const { read } = context.database;
  const { order, issuance, authorizations, now } = view;

  async function mayDecide(approve: boolean): Promise<void> {
    requireRolesOf(caller, 'approvals', 'decide');
    const [waiting] = await read.approvals.listWaitingOfOrder(order.id);
    if (waiting === undefined) throw await refusalOfOrder(read, order, { approve });
    await requireDecidable(read, caller, waiting, approve);
  }

  return {
    approve: () => mayDecide(true),
    reject: () => mayDecide(false),
    check() {
      requireRolesOf(caller, 'proving', 'recheck');
      requireCheckable(order, issuance);
    },
    chooseMethod() {
      requireRolesOf(caller, 'proving', 'chooseMethods');
      const proofs = authorizations.map((authorization) => ({ authorization, name: authorization.identifier }));
      const open = proofs.find(({ authorization }) => authorization.state === 'pending') ?? proofs[0];
      if (open !== undefined) requireChoosable(open.name, issuance, open.authorization);
    },
    async removeNames() {
      requireRolesOf(caller, 'orders', 'removeNames');
      await requireNamesRemovable(context, read, order, issuance);
      if (issuance.names.length === 1) throw refuse('lastName', {});
    },
    provideCsr() {
      requireRolesOf(caller, 'issuances', 'provideCsr');
      requireWaiting(issuance, order.number);
    },
    async withdraw() {
      requireRolesOf(caller, 'approvals', 'withdraw');
      await requireWithdrawable(read, caller, { order, now });
    },
    async cancel() {
      requireRolesOf(caller, 'orders', 'cancel');
      requireCancellable(order, { issuedWithinDays: undefined, now });
      if (order.state === 'active') await requireNotCarriedOver(read, order);
      if (isUnderWay(issuance)) requireEndable({ order, issuance });
    },
    reissue() {
      requireRolesOf(caller, 'issuances', 'reissue');
      requireReissuable(order, issuance, now);
    },
    async duplicate() {
      requireRolesOf(caller, 'issuances', 'duplicate');
      requireActive(order, now);
      await requireLastIssued(read, order);
    },
    async revoke() {
      requireRolesOf(caller, 'revocations', 'revokeOrder');
      await requireOrderRevocable(read, caller, { order, issuance, now });
    },
    refund() {
      requireRolesOf(caller, 'refunds', 'refund');
      checkedAmount(order, null);
    },
    change: () => requireRolesOf(caller, 'orders', 'change'),
    share: () => requireRolesOf(caller, 'shares', 'create'),
  };
}
