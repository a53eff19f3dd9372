/** Every call of the API: there is one. */
import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';
import { applyForCertificate } from './certificates.ts';

export const operations: readonly Operation<Services>[] = [applyForCertificate];
