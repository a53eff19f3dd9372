/** What a caller may do now with a request for approval, and with a certificate: by the rules of the calls themselves. */
import type { Caller } from '../../domain/caller.ts';
import type { Certificate } from '../../domain/certificate.ts';
import { refuse } from '../../domain/errors.ts';
import type { ApprovalId } from '../../domain/ids.ts';
import type {
  ApprovalAction,
  ApprovalPage,
  CertificateAction,
  CertificatePage,
} from '../../domain/ports/order-pages.ts';
import { requireRolesOf } from '../accounts/port-roles.ts';
import type { AppContext } from '../context.ts';
import { actionsBy } from '../refusal-of.ts';
import { isFreeToRevoke, requireCertificateRevocable } from '../revoking/revocation.ts';
import { findCertificate, findOrder, maySee } from '../scope.ts';
import { effectOf } from './approval-effect.ts';
import { requireDecidable } from './approvals.ts';
import { requireRequestWithdrawable } from './withdraw.ts';

export async function approvalPageOf(context: AppContext, caller: Caller, id: ApprovalId): Promise<ApprovalPage> {
  const { database, clock } = context;
  const { read } = database;
  const approval = await read.approvals.get(id);
  const order = approval && (await read.orders.get(approval.orderId));
  if (approval === undefined || order === undefined || !maySee(caller, order))
    throw refuse('notFound', { what: 'approval', value: id });

  async function mayDecide(approve: boolean): Promise<void> {
    requireRolesOf(caller, 'approvals', 'decide');
    if (approval !== undefined) await requireDecidable(read, caller, approval, approve);
  }

  const [actions, effect] = await Promise.all([
    actionsBy<ApprovalAction>({
      approve: () => mayDecide(true),
      reject: () => mayDecide(false),
      async withdraw() {
        requireRolesOf(caller, 'approvals', 'withdraw');
        await requireRequestWithdrawable(read, caller, { order, approval, now: clock.now() });
      },
    }),
    effectOf(context, caller, { order, approval }),
  ]);
  return { actions, effect: { ...effect, why: actions.approve } };
}

/** A list begins before it was made, and no entry is as old as that. */
function listedSince({ thisUpdate }: { readonly thisUpdate: Date }, { revokedAt }: Certificate): Date {
  return revokedAt !== null && revokedAt > thisUpdate ? revokedAt : thisUpdate;
}

export async function certificatePageOf(
  { database: { read }, clock }: AppContext,
  caller: Caller,
  reference: string,
): Promise<CertificatePage> {
  const certificate = await findCertificate(read, caller, reference);
  const order = await findOrder(read, caller, { id: certificate.orderId });
  const newest = await read.issuances.get(order.issuanceId);
  if (newest === undefined) throw refuse('internal', {}, { cause: new Error(`no issuance ${order.issuanceId}`) });
  const actions = await actionsBy<CertificateAction>({
    async revoke() {
      requireRolesOf(caller, 'revocations', 'revokeCertificate');
      await requireCertificateRevocable(read, caller, { order, newest, certificate, now: clock.now() });
    },
  });
  const needsApproval = !(await isFreeToRevoke(read, caller, order));
  const list = certificate.revokedAt === null ? undefined : await read.crls.newestWith(certificate.id);
  return {
    actions,
    crl: list === undefined ? null : { number: list.number, since: listedSince(list, certificate) },
    needsApproval,
  };
}
