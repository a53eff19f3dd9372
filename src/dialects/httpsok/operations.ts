/** Every call of the API. */
import type { Operation } from '../kit/operation.ts';
import { agentOperations } from './operations/agent.ts';
import { apply, checkDelegation, showApplication } from './operations/certificates.ts';
import type { Services } from './services.ts';

export const operations: readonly Operation<Services>[] = [checkDelegation, apply, showApplication, ...agentOperations];
