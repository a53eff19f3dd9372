import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';

export const certificateOperations: readonly Operation<Services>[] = [];
