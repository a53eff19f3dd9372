/** Requests for approval: finding them and deciding them. */
import type { z } from 'zod';
import type { Approval } from '../../../domain/approval.ts';
import type { Language } from '../../../domain/language.ts';
import type { AcmeRequester, ApprovalSummary, ApprovalView } from '../../../domain/ports/approvals.ts';
import { approvalActions } from '../../../domain/ports/order-pages.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { keyAlgorithmName, keyBits, type PublicKey, spkiSha256 } from '../../../pki/public-key.ts';
import { actionsToWire } from '../actions-to-wire.ts';
import { effectToWire, whyToWire } from '../approval-effect-to-wire.ts';
import { countedPage, countedQueryOf } from '../paging.ts';
import { approvalsApi } from '../schema/approvals.ts';
import { namesInLists } from '../schema/shapes.ts';
import type { WireApprovalDetails, WireApprovalRequest, WireListedApproval } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { referenceFromWire, timeToWire } from '../values.ts';
import { type NamedActors, type NamingActors, namedPageToWire, oneToWire } from './actors.ts';

const details: NamingActors<ApprovalView, WireApprovalDetails> = {
  idsOf: ({ approval }) => actorsOf(approval),
  toWire({ approval, acme, view }, actors) {
    const { csr } = view.issuance;
    const names = view.issuance.names.map(({ identifier }) => identifier.value);
    return {
      ...requestToWire(approval, {
        accountName: view.account.name,
        orderNumber: view.order.number,
        names,
        nameCount: names.length,
        actors,
      }),
      csrKey: csr === null ? null : keyToWire(parseCsr(csr).publicKey),
      acme: acme === null ? null : requesterToWire(acme),
    };
  },
};

const summariesIn = (language: Language): NamingActors<ApprovalSummary, WireListedApproval> => ({
  idsOf: ({ approval }) => actorsOf(approval),
  toWire({ approval, view, why = null }, actors) {
    const { names } = view.issuance;
    const shown = names.slice(0, namesInLists);
    const beside = {
      accountName: view.account.name,
      orderNumber: view.order.number,
      names: shown,
      nameCount: names.length,
      actors,
    };
    return { ...requestToWire(approval, beside), why: whyToWire(why, language) };
  },
});

function actorsOf({ requestedBy, decisions }: Approval): readonly (string | null)[] {
  return [requestedBy, ...decisions.map(({ by }) => by)];
}

function keyToWire({ algorithm, spkiDer }: PublicKey): WireApprovalDetails['csrKey'] {
  return { algorithm: keyAlgorithmName(algorithm), bits: keyBits(algorithm), sha256: spkiSha256(spkiDer) };
}

function requesterToWire({ credential, key }: AcmeRequester): WireApprovalDetails['acme'] {
  const { number, directory, publicId, label } = credential;
  return { credentialNumber: number, directory, account: publicId, contact: label, key };
}

function requestToWire(
  approval: Approval,
  {
    actors,
    accountName,
    ...beside
  }: Pick<WireApprovalRequest, 'accountName' | 'orderNumber' | 'names' | 'nameCount'> & {
    readonly actors: NamedActors;
  },
): WireApprovalRequest {
  const { revocation } = approval;
  return {
    id: approval.id,
    number: approval.number,
    accountId: approval.accountId,
    accountName,
    orderId: approval.orderId,
    ...beside,
    asks: approval.asks,
    state: approval.state,
    version: approval.version,
    revocation: revocation && { certificateId: revocation.certificateId, reason: revocation.reason },
    requestedBy: actors.ofOptional(approval.requestedBy),
    requestedFrom: approval.requestedFrom,
    comments: approval.comments,
    decisions: approval.decisions.map(({ approve, by, note, at }) => ({
      approve,
      by: actors.ofOptional(by),
      note,
      at: timeToWire(at),
    })),
    createdAt: timeToWire(approval.createdAt),
  };
}

const states = { true: ['submitted', 'pending'], false: ['approved', 'rejected'] } as const;

export const approvalOperations = [
  handled(approvalsApi.list, async (input, session) => {
    const { waiting, asks, decidable, mine, account, order } = input;
    const orderNumber = order === undefined ? undefined : await orderNumberOf(session, order);
    const query = {
      ...countedQueryOf(input),
      withWhy: true as const,
      ...(waiting === undefined ? {} : { states: states[waiting] }),
      ...(asks === undefined ? {} : { asks: [asks] }),
      ...(decidable === undefined ? {} : { isDecidable: true as const }),
      ...(mine === undefined ? {} : { isMine: true as const }),
      ...(orderNumber === undefined ? {} : { orderNumbers: [orderNumber] }),
      ...withDefined({ account }),
    };
    const found = await session.services.approvals.list(session.caller, query);
    return namedPageToWire(
      session,
      countedPage(found, input, ({ approval }) => approval.number),
      summariesIn(session.language),
    );
  }),

  handled(approvalsApi.show, async ({ approval }, session) => {
    const { caller, services, language } = session;
    const view = await services.approvals.get(caller, referenceFromWire(approval));
    const { effect, actions } = await services.orderPages.approval(caller, view.approval.id);
    return {
      ...(await oneToWire(session, view, details)),
      ...effectToWire(effect, language),
      actions: actionsToWire(approvalActions, actions, language),
    };
  }),

  handled(approvalsApi.approve, (input, session) => decided(session, { ...input, approve: true })),

  handled(approvalsApi.withdraw, async ({ approval }, session) => {
    const { caller, services } = session;
    const reference = referenceFromWire(approval);
    await services.approvals.withdraw(caller, reference);
    return oneToWire(session, await services.approvals.get(caller, reference), details);
  }),

  handled(approvalsApi.reject, (input, session) => decided(session, { ...input, approve: false })),
];

async function decided(
  session: Client,
  { approval, ...decision }: z.output<typeof approvalsApi.approve.request> & { readonly approve: boolean },
): Promise<WireApprovalDetails> {
  const { caller, services } = session;
  return oneToWire(session, await services.approvals.decide(caller, referenceFromWire(approval), decision), details);
}

/** @throws {CertError} notFound */
async function orderNumberOf({ caller, services }: Client, reference: string): Promise<number> {
  const { order } = await services.orders.get(caller, referenceFromWire(reference));
  return order.number;
}
