/** One line of the audit log. Append-only; never holds a secret. */
import type { AccountId } from './ids.ts';

/** Every kind of event there is. */
export const eventKinds = [
  'server.initialized',
  'server.restored',
  'operator.reset',
  'server.certificatePlanned',
  'account.created',
  'account.changed',
  'account.credited',
  'account.priceSet',
  'account.priceRemoved',
  'user.created',
  'user.changed',
  'user.disabled',
  'user.removed',
  'user.enabled',
  'user.invited',
  'user.invitationSent',
  'user.invitationUndelivered',
  'user.passwordChosen',
  'user.passwordChanged',
  'user.passwordSet',
  'user.passwordResetRequested',
  'user.passwordReset',
  'session.started',
  'session.ended',
  'credential.created',
  'credential.changed',
  'credential.keyChanged',
  'credential.revoked',
  'roleGrant.proposed',
  'roleGrant.confirmed',
  'roleGrant.withdrawn',
  'organization.added',
  'organization.changed',
  'organization.verificationAsked',
  'organization.verified',
  'organization.rejected',
  'organization.removed',
  'container.added',
  'container.changed',
  'container.activated',
  'container.deactivated',
  'customField.added',
  'customField.changed',
  'order.placed',
  'order.reissued',
  'order.reissueWithdrawn',
  'order.duplicated',
  'order.duplicateWithdrawn',
  'order.csrProvided',
  'order.reissueFailed',
  'order.renewalFailed',
  'approval.firstStep',
  'revocation.requested',
  'revocation.approved',
  'revocation.rejected',
  'revocation.withdrawn',
  'order.approved',
  'order.rejected',
  'order.cancelled',
  'order.failed',
  'order.ended',
  'order.namesRemoved',
  'order.refunded',
  'order.changed',
  'order.noteAdded',
  'order.noteChanged',
  'order.noteRemoved',
  'domain.added',
  'domain.changed',
  'domain.proofsRenewed',
  'domain.removed',
  'externalAccountKey.added',
  'externalAccountKey.changed',
  'externalAccountKey.revoked',
  'validation.methodChanged',
  'validation.methodRefused',
  'validation.proofsWanted',
  'validation.checkRequested',
  'validation.mailRequested',
  'validation.mailSent',
  'validation.mailUndelivered',
  'validation.mailRejected',
  'authorization.proved',
  'authorization.added',
  'authorization.checkRequested',
  'authorization.failed',
  'authorization.deactivated',
  'authorization.renounced',
  'issuance.failed',
  'issuance.waits',
  'issuance.plannedAgain',
  'upstream.stopped',
  'upstream.resumed',
  'upstream.closed',
  'upstream.keyChangeRequested',
  'upstream.keyChanged',
  'upstream.cancelled',
  'upstream.lost',
  'upstream.resolved',
  'clock.stopped',
  'clock.resumed',
  'clock.accepted',
  'alarm.raised',
  'alarm.ended',
  'authority.endsSoon',
  'certificate.issued',
  'certificate.unfit',
  'certificate.withheld',
  'certificate.revoked',
  'certificate.revokedUpstream',
  'certificate.reasonRaised',
  'certificate.sendingAsked',
  'key.blocked',
  'key.unblocked',
  'key.listImported',
  'key.delivered',
  'notice.sent',
  'notice.undelivered',
  'webhook.added',
  'webhook.changed',
  'webhook.removed',
  'webhook.probed',
  'notification.replayed',
  'notification.delivered',
  'notification.tried',
  'notification.failed',
  'mail.stopped',
  'mail.allowed',
  'product.changed',
  'authority.created',
  'crl.published',
  'keyEncryption.rotationStarted',
  'keyEncryption.rotated',
  'list.exported',
  'job.failed',
] as const;

export type EventKind = (typeof eventKinds)[number];

const known: ReadonlySet<string> = new Set(eventKinds);

export function isEventKind(text: string): text is EventKind {
  return known.has(text);
}

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
