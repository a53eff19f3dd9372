/** Requests: what waits for an approval, and deciding it. */
import { type Approval, finalDecision } from '../../../domain/approval.ts';
import type { Reference } from '../../../domain/caller.ts';
import { CertError, refuse } from '../../../domain/errors.ts';
import type { ApprovalQuery, ApprovalSummary, ApprovalView } from '../../../domain/ports/approvals.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { eachInTurn } from '../../kit/pages.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import { basePath } from '../name.ts';
import { readOrderInfo } from '../orders/read-order.ts';
import type { Client, Services } from '../services.ts';
import { asksOfType, requestStatuses, requestType } from '../status.ts';
import { type Actors, createActors } from '../users/people.ts';
import { alsoCsv } from '../wire/csv.ts';
import { containersOf, idsOf, searchOf, sortOf, valuesOf, wordsOf } from '../wire/filters.ts';
import { offsetQueryOf, pageToWire } from '../wire/paging.ts';
import { type ListRequest, listRequest, nothing } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import { decisionRequest, type RequestItem, requestInfo, requestList, requestRequest } from './schema.ts';

const requests = `${basePath}/request`;

const list = callerOperation({
  id: 'request.list',
  ...alsoCsv,
  method: 'GET',
  path: requests,
  summary: { en: 'Requests of the account', zh: '审批申请列表' },
  request: listRequest,
  response: requestList,
  async handle(input, session: Client) {
    const query = approvalQueryOf(input);
    const found = await session.services.approvals.list(session.caller, query);
    const [containers, actors] = [await readContainers(session), createActors(session)];
    const items = await eachInTurn(found.items, async ({ approval, view }): Promise<RequestItem> => {
      const { order, product, organization, issuance } = view;
      const container = containers.of(order.containerId);
      return {
        ...headOf(approval),
        requester: await actors.of(approval.requestedBy, view.account),
        ...(await processorOf({ approval, view }, actors)),
        order: {
          id: order.number,
          certificate: { common_name: issuance.names[0] ?? '' },
          ...(organization === null
            ? {}
            : { organization: { id: organization.number, name: organization.details.name } }),
          ...(container === undefined ? {} : { container: { id: container.number, name: container.name } }),
          product: { name_id: product.code, name: product.name, type: 'ssl_certificate' },
        },
      };
    });
    return { requests: items, page: pageToWire(found, query) };
  },
});

/** The words of `type` sort as ours do. */
const sortKeys = {
  id: 'number',
  request_id: 'number',
  date: 'number',
  date_created: 'number',
  type: 'asks',
  status: 'state',
  order_id: 'orderNumber',
  common_name: 'commonName',
} as const;

/** @throws {CertError} invalidField */
function approvalQueryOf({ filters, sort, container_id, ...input }: ListRequest): ApprovalQuery {
  const numbers = idsOf(filters, 'metadata_id');
  const values = valuesOf(filters, 'metadata_value');
  const sorted = sortOf(sort, sortKeys);
  return {
    ...offsetQueryOf(input),
    ...withDefined({
      states: wordsOf(filters, 'status', requestStatuses),
      asks: wordsOf(filters, 'type', Object.keys(asksOfType))?.map((type) => asksOfType[type] ?? 'new'),
      containerNumbers: containersOf(filters, container_id),
      orderNumbers: idsOf(filters, 'order_id'),
      customField: (numbers ?? values) === undefined ? undefined : withDefined({ numbers, values }),
      commonName: searchOf(filters),
    }),
    ...(sorted.length === 0 ? {} : { sort: sorted }),
  };
}

export const show = callerOperation({
  id: 'request.info',
  method: 'GET',
  path: `${requests}/:request_id`,
  summary: { en: 'A request', zh: '审批申请详情' },
  request: requestRequest,
  response: requestInfo,
  async handle({ request_id }, session: Client) {
    const { services, caller } = session;
    const found = await services.approvals.get(caller, { number: request_id });
    const { approval, view } = found;
    const actors = createActors(session);
    const final = finalDecision(approval);
    const comment = approval.decisions.at(-1)?.note ?? '';
    return {
      ...headOf(approval),
      ...(final === undefined ? {} : { date_processed: timestamp(final.at) }),
      requester: await actors.of(approval.requestedBy, view.account),
      ...(await reviewerOf(found, actors)),
      ...(await processorOf(found, actors)),
      ...(approval.comments === '' ? {} : { comments: approval.comments }),
      ...(comment === '' ? {} : { processor_comment: comment }),
      // The state as of the request's own certificate: riboseinc looks for its duplicate by the time of this request.
      order: await readOrderInfo(view, session, view),
    };
  },
});

export const decide = callerOperation({
  id: 'request.status',
  method: 'PUT',
  path: `${requests}/:request_id/status`,
  summary: { en: 'Approve or reject a request', zh: '处理审批申请' },
  request: decisionRequest,
  response: nothing,
  async handle({ request_id, status, processor_comment: note = '' }, { services, caller }: Client) {
    const { approvals } = services;
    const reference = { number: request_id };
    if (status === 'approved' || status === 'rejected') {
      await decideOnce(reference, status, note);
      return;
    }
    const { approval } = await approvals.get(caller, reference);
    if (approval.state === status) return;
    // `pending` of a submitted request is its first step; nothing leads back to `submitted`.
    if (status === 'pending' && approval.state === 'submitted') {
      await approvals.decide(caller, reference, { approve: true, note });
      return;
    }
    const value = String(request_id);
    throw refuse('wrongState', { what: 'approval', value, state: approval.state, needed: 'submitted' });

    /** Keyfactor approves every revocation that it requested, also one that the account's rule has approved. */
    async function decideOnce(of: Reference, wanted: 'approved' | 'rejected', note: string): Promise<void> {
      try {
        await approvals.decide(caller, of, { approve: wanted === 'approved', note });
      } catch (thrown) {
        if (!(thrown instanceof CertError && thrown.code === 'wrongState')) throw thrown;
        const { approval } = await approvals.get(caller, of);
        if (approval.state !== wanted || approval.asks !== 'revoke') throw thrown;
      }
    }
  },
});

function headOf(approval: Approval) {
  return {
    id: approval.number,
    date: timestamp(approval.createdAt),
    type: requestType(approval),
    status: approval.state,
  };
}

async function processorOf({ approval, view }: ApprovalView | ApprovalSummary, actors: Actors) {
  const final = finalDecision(approval);
  return final === undefined ? {} : { processor: await actors.of(final.by, view.account) };
}

/** The approver of the first of two steps. */
async function reviewerOf({ approval, view }: ApprovalView, actors: Actors) {
  const [first] = approval.decisions;
  const isStep = first !== undefined && (approval.decisions.length > 1 || approval.state === 'pending');
  return isStep ? { reviewer: await actors.of(first.by, view.account) } : {};
}

export const requestOperations: readonly Operation<Services>[] = [list, show, decide];
