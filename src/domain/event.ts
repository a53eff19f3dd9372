/** One line of the audit log. Append-only; never holds a secret. */
import type { AccountId } from './ids.ts';

export type EventKind =
  | 'server.initialized'
  | 'server.certificatePlanned'
  | 'account.created'
  | 'account.changed'
  | 'account.credited'
  | 'user.created'
  | 'user.changed'
  | 'user.disabled'
  | 'user.enabled'
  | 'credential.created'
  | 'credential.changed'
  | 'credential.revoked'
  | 'roleGrant.proposed'
  | 'roleGrant.confirmed'
  | 'roleGrant.withdrawn'
  | 'organization.added'
  | 'organization.changed'
  | 'organization.verificationAsked'
  | 'organization.verified'
  | 'organization.rejected'
  | 'organization.removed'
  | 'container.added'
  | 'customField.added'
  | 'customField.changed'
  | 'order.placed'
  | 'order.reissued'
  | 'order.reissueWithdrawn'
  | 'order.duplicated'
  | 'order.csrProvided'
  | 'order.reissueFailed'
  | 'order.renewalFailed'
  | 'approval.firstStep'
  | 'revocation.requested'
  | 'revocation.approved'
  | 'revocation.rejected'
  | 'order.approved'
  | 'order.rejected'
  | 'order.cancelled'
  | 'order.failed'
  | 'order.ended'
  | 'order.namesRemoved'
  | 'order.changed'
  | 'order.noteAdded'
  | 'domain.added'
  | 'domain.changed'
  | 'domain.proofsRenewed'
  | 'domain.removed'
  | 'externalAccountKey.added'
  | 'externalAccountKey.revoked'
  | 'validation.methodChanged'
  | 'validation.methodRefused'
  | 'validation.proofsWanted'
  | 'validation.checkRequested'
  | 'validation.mailRequested'
  | 'validation.mailSent'
  | 'validation.mailUndelivered'
  | 'validation.mailRejected'
  | 'authorization.proved'
  | 'authorization.deactivated'
  | 'issuance.failed'
  | 'issuance.waits'
  | 'issuance.plannedAgain'
  | 'upstream.stopped'
  | 'upstream.resumed'
  | 'upstream.closed'
  | 'upstream.cancelled'
  | 'upstream.lost'
  | 'clock.stopped'
  | 'clock.resumed'
  | 'clock.accepted'
  | 'authority.endsSoon'
  | 'certificate.issued'
  | 'certificate.unfit'
  | 'certificate.withheld'
  | 'certificate.revoked'
  | 'certificate.revokedUpstream'
  | 'certificate.reasonRaised'
  | 'certificate.sendingAsked'
  | 'key.blocked'
  | 'key.unblocked'
  | 'key.listImported'
  | 'key.delivered'
  | 'notice.sent'
  | 'notice.undelivered'
  | 'webhook.added'
  | 'webhook.changed'
  | 'webhook.removed'
  | 'webhook.probed'
  | 'notification.replayed'
  | 'notification.delivered'
  | 'notification.tried'
  | 'notification.failed'
  | 'mail.stopped'
  | 'mail.allowed'
  | 'product.changed'
  | 'authority.created'
  | 'crl.published'
  | 'keyEncryption.rotationStarted'
  | 'keyEncryption.rotated'
  | 'job.failed';

export interface NewEvent {
  readonly kind: EventKind;
  readonly accountId: AccountId | null;
  /** The actor: a credential or user id, or `system`. */
  readonly actor: string;
  /** The account for which an operator did it. */
  readonly actedFor?: AccountId;
  /** The subject of the event: an id. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  readonly at: Date;
}

export interface Event extends NewEvent {
  /** Number from the sealer: see `EventStore`. Feeds and pages go only by this, never by `at`, since a clock may be set back. */
  readonly sequence: number;
}
