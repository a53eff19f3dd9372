/**
 * What a caller may do with an object now. Every answer comes from the rules that the calls themselves apply: their row in the table of
 * roles, and the checks with which they begin. What a call refuses for its own input is not known here.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ObjectAction, ObjectNoun } from '../../domain/seen-object.ts';
import { requireKeyChangeable, requireKeyRevocable } from '../accounts/credentials.ts';
import { requireRolesOf } from '../accounts/port-roles.ts';
import { requireUserChangeable, requireUserEnablable, requireUserEndable } from '../accounts/users.ts';
import { requireActive as requireActiveOrganization, requireUnused } from '../organizations/organizations.ts';
import { requireActive as requireActiveWebhook } from '../outbound/webhooks.ts';
import { requirePending } from '../proving/choose-method.ts';
import type { ObjectOf } from './object-versions.ts';

type Rule = () => void | Promise<void>;
type Rules<Noun extends ObjectNoun> = Readonly<Record<ObjectAction<Noun>, Rule>>;

type RulesOf<Noun extends ObjectNoun> = (tx: Stores, caller: Caller, object: ObjectOf<Noun>) => Rules<Noun>;

export const rulesOfObjects: { readonly [Noun in ObjectNoun]: RulesOf<Noun> } = {
  account: (_, caller) => ({
    change: () => requireRolesOf(caller, 'accounts', 'change'),
    credit: () => requireRolesOf(caller, 'accounts', 'credit'),
  }),

  user: (tx, caller, user) => ({
    async change() {
      requireRolesOf(caller, 'users', 'change');
      await requireUserChangeable(tx, caller, user);
    },
    async disable() {
      requireRolesOf(caller, 'users', 'setState');
      await requireUserEndable(tx, caller, user);
    },
    async enable() {
      requireRolesOf(caller, 'users', 'setState');
      await requireUserEnablable(tx, caller, user);
    },
    async remove() {
      requireRolesOf(caller, 'users', 'remove');
      await requireUserEndable(tx, caller, user);
    },
  }),

  credential: (tx, caller, credential) => ({
    async change() {
      requireRolesOf(caller, 'credentials', 'change');
      await requireKeyChangeable(tx, caller, credential);
    },
    async revoke() {
      requireRolesOf(caller, 'credentials', 'revoke');
      await requireKeyRevocable(tx, caller, credential);
    },
  }),

  organization: (tx, caller, organization) => ({
    ask() {
      requireRolesOf(caller, 'organizations', 'askForVerification');
      requireActiveOrganization(organization);
    },
    verify: () => requireRolesOf(caller, 'organizations', 'verify'),
    reject: () => requireRolesOf(caller, 'organizations', 'verify'),
    activate: () => requireRolesOf(caller, 'organizations', 'setState'),
    deactivate: () => requireRolesOf(caller, 'organizations', 'setState'),
    async remove() {
      requireRolesOf(caller, 'organizations', 'remove');
      await requireUnused(tx, organization);
    },
  }),

  managedDomain: (tx, caller, { authorizationId }) => ({
    check: () => requireRolesOf(caller, 'managedDomains', 'check'),
    async chooseMethod() {
      requireRolesOf(caller, 'managedDomains', 'chooseMethod');
      const authorization = await tx.authorizations.get(authorizationId);
      if (authorization === undefined) throw refuse('notFound', { what: 'authorization', value: authorizationId });
      requirePending(authorization);
    },
    renew: () => requireRolesOf(caller, 'managedDomains', 'renewProofs'),
    activate: () => requireRolesOf(caller, 'managedDomains', 'setState'),
    deactivate: () => requireRolesOf(caller, 'managedDomains', 'setState'),
    remove: () => requireRolesOf(caller, 'managedDomains', 'remove'),
  }),

  webhook: (_, caller, webhook) => ({
    change: () => requireRolesOf(caller, 'webhooks', 'change'),
    test: () => requireRolesOf(caller, 'webhooks', 'probe'),
    replayFailed() {
      requireRolesOf(caller, 'webhooks', 'replayFailed');
      requireActiveWebhook(webhook);
    },
    remove: () => requireRolesOf(caller, 'webhooks', 'remove'),
  }),

  product: (_, caller) => ({ change: () => requireRolesOf(caller, 'catalogue', 'change') }),
};
