import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';

export const productOperations: readonly Operation<Services>[] = [];
