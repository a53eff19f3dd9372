/** Every state that something can be in, and what leads from one to the next: tables, one for each noun (design: whose turn it is). */

export type AcmeOrderState =
  | 'open' // the client's turn: to prove its names, and to finalize it
  | 'waiting' // finalized, but the order that covers it is busy: the platform's turn
  | 'placed' // it is an issuance of an order of the account
  | 'ended'; // given up

/**
 * Where an order stands before it is placed: derived from its authorizations and never stored, so that it is never behind them.
 */
export type AcmeOrderStanding = 'pending' | 'ready' | 'invalid' | 'waiting' | 'placed';

export type AcmeOrderEvent = 'wait' | 'place' | 'end';

export const acmeOrderTransitions: Transitions<AcmeOrderState, AcmeOrderEvent> = {
  open: { wait: 'waiting', place: 'placed', end: 'ended' },
  waiting: { place: 'placed', end: 'ended' },
  // Superseded while it waited for approval.
  placed: { end: 'ended' },
  ended: {},
};

export type ApprovalState = 'submitted' | 'pending' | 'approved' | 'rejected';

export type ApprovalEvent = 'approve' | 'reject';

/** `submitted` is the first of two steps. */
export const approvalTransitions: Transitions<ApprovalState, ApprovalEvent> = {
  submitted: { approve: 'pending', reject: 'rejected' },
  pending: { approve: 'approved', reject: 'rejected' },
  approved: {},
  rejected: {},
};

export function nextApprovalState(state: ApprovalState, event: ApprovalEvent): ApprovalState | undefined {
  return transition(approvalTransitions, state, event);
}

export type AuthorizationState = 'pending' | 'valid' | 'invalid' | 'expired' | 'deactivated';

export type AuthorizationEvent = 'prove' | 'invalidate' | 'expire' | 'deactivate';

export const authorizationTransitions: Transitions<AuthorizationState, AuthorizationEvent> = {
  pending: { prove: 'valid', invalidate: 'invalid', expire: 'expired', deactivate: 'deactivated' },
  valid: { expire: 'expired', deactivate: 'deactivated' },
  invalid: {},
  expired: {},
  deactivated: {},
};

export function nextAuthorizationState(
  state: AuthorizationState,
  event: AuthorizationEvent,
): AuthorizationState | undefined {
  return transition(authorizationTransitions, state, event);
}

export type CertificateState = 'valid' | 'revoked';

export const certificateTransitions: Transitions<CertificateState, 'revoke'> = {
  valid: { revoke: 'revoked' },
  revoked: {},
};

export function nextCertificateState(state: CertificateState): CertificateState | undefined {
  return transition(certificateTransitions, state, 'revoke');
}

export type ConfirmationState =
  | 'pending' // the reader's turn, once the mail is sent
  | 'confirmed'
  | 'rejected'
  | 'undelivered' // the mail server will not take the mail
  | 'withdrawn'; // a newer mail took its place

export type ConfirmationEvent = 'confirm' | 'reject' | 'giveUp' | 'withdraw';

export const confirmationTransitions: Transitions<ConfirmationState, ConfirmationEvent> = {
  pending: { confirm: 'confirmed', reject: 'rejected', giveUp: 'undelivered', withdraw: 'withdrawn' },
  confirmed: {},
  rejected: {},
  undelivered: {},
  withdrawn: {},
};

export function nextConfirmationState(
  state: ConfirmationState,
  event: ConfirmationEvent,
): ConfirmationState | undefined {
  return transition(confirmationTransitions, state, event);
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

export type IssuanceState =
  | 'awaitingApproval' // the approver's turn
  | 'awaitingValidation' // the customer places proofs, we keep checking
  | 'ready' // every name authorized: the customer's turn where there is no CSR yet, else somebody's we wait for
  | 'issuing' // ours: serial and validity are committed and we sign, or an upstream has it (`UpstreamOrder`)
  | 'issued'
  | 'failed'
  | 'cancelled';

export type IssuanceEvent =
  | 'approve'
  | 'authorize'
  | 'accept'
  | 'lapse'
  | 'begin'
  | 'complete'
  | 'fail'
  | 'cancel'
  | 'abandon';

/**
 * `accept`: an upstream that checks the names itself has accepted the proofs. `lapse`: a proof ran out while it rested in `ready`, or waited in `issuing` for its issuer. `abandon`: it is cancelled while an
 * upstream has it; what we sign ourselves is done within a moment, and is not.
 */
export const issuanceTransitions: Transitions<IssuanceState, IssuanceEvent> = {
  awaitingApproval: { approve: 'awaitingValidation', fail: 'failed', cancel: 'cancelled' },
  awaitingValidation: { authorize: 'ready', accept: 'issuing', fail: 'failed', cancel: 'cancelled' },
  ready: { begin: 'issuing', lapse: 'awaitingValidation', fail: 'failed', cancel: 'cancelled' },
  issuing: { complete: 'issued', lapse: 'awaitingValidation', fail: 'failed', abandon: 'cancelled' },
  issued: {},
  failed: {},
  cancelled: {},
};

export function nextIssuanceState(state: IssuanceState, event: IssuanceEvent): IssuanceState | undefined {
  return transition(issuanceTransitions, state, event);
}

export type OrderState = 'open' | 'active' | 'ended' | 'revoked' | 'rejected' | 'cancelled' | 'failed';

export type OrderEvent = 'certificateIssued' | 'coverageEnded' | 'revoke' | 'reject' | 'cancel' | 'fail';

/** `open`: no certificate yet; `active`: it has one. A reissue that fails leaves the order active. */
export const orderTransitions: Transitions<OrderState, OrderEvent> = {
  open: { certificateIssued: 'active', reject: 'rejected', cancel: 'cancelled', fail: 'failed' },
  active: { certificateIssued: 'active', coverageEnded: 'ended', revoke: 'revoked', cancel: 'cancelled' },
  ended: {},
  revoked: {},
  rejected: {},
  cancelled: {},
  failed: {},
};

export function nextOrderState(state: OrderState, event: OrderEvent): OrderState | undefined {
  return transition(orderTransitions, state, event);
}

export type RoleGrantState = 'pending' | 'confirmed' | 'withdrawn';

export type UpstreamOrderState =
  | 'preparing' // relay: the order is placed, its challenges are not known yet
  | 'proving' // relay: the customer places what the upstream wants to find
  | 'issuing' // the upstream's turn
  | 'choosing' // a pool: the upstream has taken nothing, and the next issuer is to be tried
  | 'cancelling' // it is no longer wanted; a certificate may come all the same
  | 'issued'
  | 'refused'
  | 'cancelled'
  | 'unfit' // its certificate is not what was ordered, and was refused
  | 'withheld' // its certificate came when it was no longer wanted: stored, not delivered, revoked
  | 'lost'; // it was to be cancelled, and the upstream cannot tell whether it has it: the operator's

export type UpstreamOrderEvent =
  | 'prepared'
  | 'proved'
  | 'issue'
  | 'refuse'
  | 'abandon'
  | 'cancel'
  | 'misfit'
  | 'withhold'
  | 'lose'
  | 'passOver'
  | 'choose'
  | 'reopen';

const underWay = { refuse: 'refused', abandon: 'cancelling', misfit: 'unfit', withhold: 'withheld' } as const;

export const upstreamOrderTransitions: Transitions<UpstreamOrderState, UpstreamOrderEvent> = {
  preparing: { prepared: 'proving', proved: 'issuing', ...underWay },
  proving: { prepared: 'proving', proved: 'issuing', ...underWay },
  issuing: { issue: 'issued', passOver: 'choosing', ...underWay },
  choosing: { choose: 'issuing', refuse: 'refused', abandon: 'cancelled' },
  cancelling: { cancel: 'cancelled', refuse: 'refused', misfit: 'unfit', withhold: 'withheld', lose: 'lost' },
  issued: {},
  refused: {},
  cancelled: {},
  unfit: {},
  withheld: {},
  // The operator has found out what the upstream has: it is cancelled there, or its certificate is withheld.
  lost: { reopen: 'cancelling' },
};

export const upstreamOrderStates = [
  'preparing',
  'proving',
  'issuing',
  'choosing',
  'cancelling',
  'issued',
  'refused',
  'cancelled',
  'unfit',
  'withheld',
  'lost',
] as const satisfies readonly UpstreamOrderState[];

/** State machines as tables: a state's row lists the events it accepts and where they lead. */

export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** The state that follows, or undefined where the table has no such step. */
export function transition<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return table[state][event];
}

/** The states from which the event is possible, for a compare-and-set and for telling the caller what is needed. */
export function statesAccepting<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  event: Event,
): readonly State[] {
  return (Object.keys(table) as State[]).filter((state) => table[state][event] !== undefined);
}

/** Those of an order that is under way at its upstream. */
export const openUpstreamStates = ['preparing', 'proving', 'issuing', 'choosing', 'cancelling'] as const;

/** Those of interest to an operator: under way, or gone wrong. */
export const notedUpstreamStates = [...openUpstreamStates, 'unfit', 'lost'] as const;
export type NotedUpstreamState = (typeof notedUpstreamStates)[number];
