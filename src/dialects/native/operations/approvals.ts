/** Requests for approval: finding them and deciding them. */
import type { Approval } from '../../../domain/approval.ts';
import type { AcmeRequester, ApprovalSummary, ApprovalView } from '../../../domain/ports/approvals.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { keyAlgorithmName, keyBits, type PublicKey, spkiSha256 } from '../../../pki/public-key.ts';
import { countedPage, countedQueryOf, pageToWire } from '../paging.ts';
import { approvalsApi } from '../schema/approvals.ts';
import { namesInLists } from '../schema/shapes.ts';
import type { WireApprovalDetails, WireApprovalRequest } from '../schema.ts';
import { handled } from '../services.ts';
import { referenceFromWire, timeToWire } from '../values.ts';

function approvalToWire({ approval, acme, view }: ApprovalView): WireApprovalDetails {
  const { csr } = view.issuance;
  const names = view.issuance.names.map(({ identifier }) => identifier.value);
  return {
    ...requestToWire(approval, { orderNumber: view.order.number, names, nameCount: names.length }),
    csrKey: csr === null ? null : keyToWire(parseCsr(csr).publicKey),
    acme: acme === null ? null : requesterToWire(acme),
  };
}

function keyToWire({ algorithm, spkiDer }: PublicKey): WireApprovalDetails['csrKey'] {
  return { algorithm: keyAlgorithmName(algorithm), bits: keyBits(algorithm), sha256: spkiSha256(spkiDer) };
}

function requesterToWire({ credential, key }: AcmeRequester): WireApprovalDetails['acme'] {
  const { number, directory, publicId, label } = credential;
  return { credentialNumber: number, directory, account: publicId, contact: label, key };
}

function summaryToWire({ approval, view }: ApprovalSummary): WireApprovalRequest {
  const { names } = view.issuance;
  const shown = names.slice(0, namesInLists);
  return requestToWire(approval, { orderNumber: view.order.number, names: shown, nameCount: names.length });
}

function requestToWire(
  approval: Approval,
  { orderNumber, names, nameCount }: Pick<WireApprovalRequest, 'orderNumber' | 'names' | 'nameCount'>,
): WireApprovalRequest {
  const { revocation } = approval;
  return {
    id: approval.id,
    number: approval.number,
    accountId: approval.accountId,
    orderId: approval.orderId,
    orderNumber,
    names,
    nameCount,
    asks: approval.asks,
    state: approval.state,
    version: approval.version,
    revocation: revocation && { certificateId: revocation.certificateId, reason: revocation.reason },
    requestedBy: approval.requestedBy,
    requestedFrom: approval.requestedFrom,
    comments: approval.comments,
    decisions: approval.decisions.map(({ approve, by, note, at }) => ({ approve, by, note, at: timeToWire(at) })),
    createdAt: timeToWire(approval.createdAt),
  };
}

const states = { true: ['submitted', 'pending'], false: ['approved', 'rejected'] } as const;

export const approvalOperations = [
  handled(approvalsApi.list, async (input, { caller, services }) => {
    const { waiting, asks } = input;
    const query = {
      ...countedQueryOf(input),
      ...(waiting === undefined ? {} : { states: states[waiting] }),
      ...(asks === undefined ? {} : { asks: [asks] }),
    };
    const found = await services.approvals.list(caller, query);
    return pageToWire(
      countedPage(found, input.limit, ({ approval }) => approval.number),
      summaryToWire,
    );
  }),

  handled(approvalsApi.show, async (input, { caller, services }) =>
    approvalToWire(await services.approvals.get(caller, referenceFromWire(input.approval))),
  ),

  handled(approvalsApi.approve, async ({ approval, ...decision }, { caller, services }) =>
    approvalToWire(
      await services.approvals.decide(caller, referenceFromWire(approval), { approve: true, ...decision }),
    ),
  ),

  handled(approvalsApi.withdraw, async ({ approval }, { caller, services }) => {
    const reference = referenceFromWire(approval);
    await services.approvals.withdraw(caller, reference);
    return approvalToWire(await services.approvals.get(caller, reference));
  }),

  handled(approvalsApi.reject, async ({ approval, ...decision }, { caller, services }) =>
    approvalToWire(
      await services.approvals.decide(caller, referenceFromWire(approval), { approve: false, ...decision }),
    ),
  ),
];
