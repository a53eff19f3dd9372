/** What may be done with an order: the next step as a button of its own, the rest in a menu. What is not allowed now stays there with its reason. */
import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ComponentType, useState } from 'react';
import { type Me, may } from '../../api/me.ts';
import type { Problem } from '../../api/problem.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon, type IconName } from '../../shared/icons.tsx';
import { visible } from '../../shared/visible.ts';
import { type Order, type OrderAction, useRefreshOrder } from '../order-query.ts';
import { type ActDialogProps, isStale } from './act-dialog.ts';
import styles from './acts.module.css';
import { CancelDialog, WithdrawDialog } from './cancel-dialog.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { CsrDialog, DuplicateDialog, ReissueDialog } from './csr-dialogs.tsx';
import { ApproveDialog, RejectDialog } from './decide-dialogs.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { RemoveNamesDialog } from './remove-names-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { useCheckNow } from './use-check-now.ts';

type DialogAct = Exclude<OrderAction, 'check' | 'chooseMethod'>;

const dialogs: Readonly<Record<DialogAct, ComponentType<ActDialogProps>>> = {
  approve: ApproveDialog,
  reject: RejectDialog,
  provideCsr: CsrDialog,
  share: ShareDialog,
  reissue: ReissueDialog,
  duplicate: DuplicateDialog,
  change: ChangeDialog,
  removeNames: RemoveNamesDialog,
  withdraw: WithdrawDialog,
  cancel: CancelDialog,
  refund: RefundDialog,
  revoke: RevokeDialog,
};
const names = Object.keys(dialogs).filter((name): name is DialogAct => name in dialogs);

const icons: Readonly<Record<DialogAct, IconName>> = {
  approve: 'check',
  reject: 'stop',
  provideCsr: 'file',
  share: 'link',
  reissue: 'refresh',
  duplicate: 'copy',
  change: 'pencil',
  removeNames: 'close',
  withdraw: 'back',
  cancel: 'close',
  refund: 'back',
  revoke: 'stop',
};

/** The operation of the API, where it is not that of the same name. */
const operationOf = (act: OrderAction) => (act === 'refund' ? 'refunds.create' : `orders.${act}`);

/** Nothing comes of it any more. */
function isOver({ state }: Order): boolean {
  return state !== 'open' && state !== 'active';
}

export interface OrderActsProps {
  readonly order: Order;
  readonly me: Me;
  readonly onDone: (words: string) => void;
  /** The order has changed since it was seen. */
  readonly onStale: (seen: Order) => void;
  readonly onFailed: (problem: Problem) => void;
}

export function OrderActs({ order, me, onDone, onStale, onFailed }: OrderActsProps) {
  const { acts, orders } = useTexts();
  const { checkNow, isSending } = useCheckNow({ order, onDone, onStale, onFailed });
  const [open, setOpen] = useState<{ readonly act: DialogAct; readonly order: Order } | undefined>();
  const refresh = useRefreshOrder();
  const own = names.filter((act) => may(me, operationOf(act)) && !isHidden(act, order));
  const isAllowed = (act: OrderAction) => may(me, operationOf(act)) && order.actions[act].allowed;
  const next = nextSteps(order).filter(isAllowed);
  const rest = own.filter((act) => !next.includes(act));
  const Dialog = open === undefined ? undefined : dialogs[open.act];

  return (
    <div className={styles.acts}>
      {isOver(order) && may(me, 'orders.place') && (
        <Button
          leftSection={<Icon name="refresh" />}
          renderRoot={(props: object) => <Link {...props} to="/orders/new" search={{ again: String(order.number) }} />}
        >
          {acts.again}
        </Button>
      )}
      {isAllowed('check') && (
        <Button leftSection={<Icon name="refresh" />} loading={isSending} onClick={checkNow}>
          {orders.checkNow}
        </Button>
      )}
      {next.map((act, place) => (
        <Button
          key={act}
          variant={place === 0 && !isAllowed('check') ? 'filled' : 'default'}
          leftSection={<Icon name={icons[act]} />}
          onClick={() => setOpen({ act, order })}
        >
          {acts[act].button}
        </Button>
      ))}
      {rest.length > 0 && <MoreActs order={order} acts={rest} onChoose={(act) => setOpen({ act, order })} />}
      {Dialog !== undefined && open !== undefined && (
        <Dialog
          order={open.order}
          onClose={() => setOpen(undefined)}
          onDone={(words) => {
            setOpen(undefined);
            onDone(words);
            void refresh();
          }}
          onRefused={(problem) => {
            if (!isStale(problem)) return;
            setOpen(undefined);
            onStale(open.order);
            onFailed(problem);
            void refresh();
          }}
        />
      )}
    </div>
  );
}

/** What whoever looks at it most likely came for. */
function nextSteps({ actions, state }: Order): readonly DialogAct[] {
  if (actions.approve.allowed || actions.reject.allowed) return ['approve', 'reject'];
  if (actions.provideCsr.allowed) return ['provideCsr'];
  return state === 'active' ? ['reissue'] : [];
}

/** What is no question for this order; everything else that cannot be done now says why. */
function isHidden(act: DialogAct, { actions, approval, certificate, issuance }: Order): boolean {
  switch (act) {
    // Taking back is cancelling, as long as the whole order waits.
    case 'withdraw':
      return actions.cancel.allowed || !actions.withdraw.allowed;
    case 'approve':
    case 'reject':
      return approval === null || approval.state === 'approved' || approval.state === 'rejected';
    case 'provideCsr':
      return issuance.needsCsr !== true;
    case 'revoke':
    case 'refund':
    case 'duplicate':
      return certificate === null;
    default:
      return false;
  }
}

interface MoreActsProps {
  readonly order: Order;
  readonly acts: readonly DialogAct[];
  readonly onChoose: (act: DialogAct) => void;
}

const dangerous: readonly DialogAct[] = ['cancel', 'refund', 'revoke', 'removeNames', 'reject'];

function MoreActs({ order, acts: own, onChoose }: MoreActsProps) {
  const { acts } = useTexts();
  const allowed = own.filter((act) => order.actions[act].allowed);
  const refused = own.filter((act) => !order.actions[act].allowed);
  return (
    <Menu position="bottom-start" width={300} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" rightSection={<Icon name="more" />}>
          {acts.more}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {allowed.map((act) => (
          <Menu.Item
            key={act}
            leftSection={<Icon name={icons[act]} />}
            data-tone={dangerous.includes(act) ? 'danger' : undefined}
            data-act={act}
            className={styles.item}
            onClick={() => onChoose(act)}
          >
            {acts[act].button}
          </Menu.Item>
        ))}
        {allowed.length > 0 && refused.length > 0 && <Menu.Divider />}
        {refused.length > 0 && <Menu.Label>{acts.notNow}</Menu.Label>}
        {refused.map((act) => (
          // It can be reached, so that its reason can be read.
          <Menu.Item key={act} data-act={act} aria-disabled="true" closeMenuOnClick={false} className={styles.refused}>
            {acts[act].button}
            <span className="small">{visible(order.actions[act].reason ?? '')}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
