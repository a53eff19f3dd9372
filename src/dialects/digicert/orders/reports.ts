/** Counts: orders that end soon, requests that wait. */
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { asksOfType } from '../status.ts';
import { expiring, expiringRequest, requestReport, requestReportRequest } from './schema.ts';

/** Days, the shortest span first. */
const spans = [7, 14, 30, 60, 90] as const;
const dayMs = 86_400_000;

const expiringOrders = callerOperation({
  id: 'report.expiring',
  method: 'GET',
  path: `${basePath}/report/order/:container_id/expiring`,
  summary: { en: 'How many certificates of a container end within some days', zh: '即将到期的订单数' },
  request: expiringRequest,
  response: expiring,
  async handle({ container_id }, { services, caller }: Client) {
    await services.containers.get(caller, { number: container_id });
    const nowMs = services.clock.now().getTime();
    // Each order is counted once: a span has those of the shorter ones, and its own.
    const counts = spans.map(async (days, index) => {
      const shorter = spans[index - 1];
      const { total } = await services.orders.search(caller, {
        standings: ['active', 'reissuing'],
        containerNumbers: [container_id],
        expiresFrom: new Date(shorter === undefined ? nowMs : nowMs + shorter * dayMs + 1),
        expiresUntil: new Date(nowMs + days * dayMs),
        // In the order of what narrows them, the first one is found without the others.
        sort: [{ by: 'certificateUntil', descending: false }],
        limit: 1,
        offset: 0,
      });
      return total;
    });
    const own = await Promise.all(counts);
    const upTo = (index: number) => own.slice(0, index + 1).reduce((sum, count) => sum + count, 0);
    return {
      expiring_orders: spans.map((days, index) => ({ days_expiring: days, order_count: upTo(index) })).toReversed(),
    };
  },
});

const waitingRequests = callerOperation({
  id: 'report.requests',
  method: 'GET',
  path: `${basePath}/report/request`,
  summary: { en: 'How many requests wait for approval', zh: '待审批申请数' },
  request: requestReportRequest,
  response: requestReport,
  async handle({ container_id }, { services, caller }: Client) {
    const counts = Object.entries(asksOfType).map(async ([type, asks]) => {
      const { total } = await services.approvals.list(caller, {
        states: ['submitted', 'pending'],
        asks: [asks],
        ...withDefined({ containerNumbers: container_id === undefined ? undefined : [container_id] }),
        limit: 1,
        offset: 0,
      });
      return { type, request_count: total };
    });
    const types = await Promise.all(counts);
    return { request: { total: types.reduce((sum, { request_count }) => sum + request_count, 0), types } };
  },
});

export const reportOperations: readonly Operation<Services>[] = [expiringOrders, waitingRequests];
