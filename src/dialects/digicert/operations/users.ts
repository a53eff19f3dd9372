import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';

export const userOperations: readonly Operation<Services>[] = [];
