/** An order's own page. */
import type { OrderPages } from '../../domain/ports/order-pages.ts';
import type { Orders } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import type { NamePlaces } from '../proving/name-places.ts';
import { actionsOf } from './order-actions.ts';
import { turnOf } from './order-turn.ts';
import { versionOf } from './order-version.ts';
import { approvalPageOf, certificatePageOf } from './other-actions.ts';
import { createTimeline } from './timeline.ts';

export function createOrderPages(context: AppContext, orders: Pick<Orders, 'get'>, placeOf: NamePlaces): OrderPages {
  const { read } = context.database;
  return {
    timeline: createTimeline(context),
    approval: (caller, id) => approvalPageOf(context, caller, id),
    certificate: (caller, certificate) => certificatePageOf(context, caller, certificate),

    async get(caller, reference) {
      const view = await orders.get(caller, reference);
      const { containerId } = view.order;
      const [turn, container, actions] = await Promise.all([
        turnOf(context, view),
        containerId === null ? undefined : read.containers.get(containerId),
        actionsOf(context, caller, view),
      ]);
      const places = view.authorizations.map((authorization) =>
        authorization.state === 'valid' ? null : placeOf(authorization),
      );
      return { view, turn, container: container ?? null, actions, places, version: versionOf(view) };
    },
  };
}
