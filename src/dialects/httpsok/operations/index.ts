/** Every call of the API. */
import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';
import { agentOperations } from './agent.ts';
import { apply, checkDelegation, showApplication } from './certificates.ts';

export const operations: readonly Operation<Services>[] = [checkDelegation, apply, showApplication, ...agentOperations];
