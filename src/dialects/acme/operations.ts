/** All calls of this API. */
import type { Operation } from '../kit/operation.ts';
import { about } from './about.ts';
import { accountOperations } from './accounts/operations.ts';
import { certificateOperations } from './certificates/operations.ts';
import { directoryOperations } from './directory.ts';
import { orderOperations } from './orders/operations.ts';
import { provingOperations } from './proving/operations.ts';
import type { Services } from './services.ts';

export const operations: readonly Operation<Services>[] = [
  ...directoryOperations,
  about,
  ...accountOperations,
  ...orderOperations,
  ...provingOperations,
  ...certificateOperations,
];
