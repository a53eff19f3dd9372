import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';

export const requestOperations: readonly Operation<Services>[] = [];
