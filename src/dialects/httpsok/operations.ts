/** Every call of the API. */
import { orderingRoles as ordering } from '../../domain/caller.ts';
import { type Operation, withRoles } from '../kit/operation.ts';
import { agentOperations } from './operations/agent.ts';
import { apply, checkDelegation, showApplication } from './operations/certificates.ts';
import type { Services } from './services.ts';

const everyOperation: readonly Operation<Services>[] = [checkDelegation, apply, showApplication, ...agentOperations];

/** The roles of every operation that is not open to all of them. */
export const operations: readonly Operation<Services>[] = withRoles(everyOperation, {
  'cert.dv': ordering,
  'cert.apply': ordering,
});
