/** Every operation of the dialect. Fixed paths stand before those with a parameter in the same place: the first that fits answers. */
import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';
import { accountOperations } from './account.ts';
import { certificateOperations } from './certificates.ts';
import { containerOperations } from './containers.ts';
import { domainOperations } from './domains.ts';
import { keyOperations } from './keys.ts';
import { orderProofOperations } from './order-proofs.ts';
import { orderOperations } from './orders.ts';
import { organizationOperations } from './organizations.ts';
import { productOperations } from './products.ts';
import { reissueOperations } from './reissues.ts';
import { reportOperations } from './reports.ts';
import { requestOperations } from './requests.ts';
import { userOperations } from './users.ts';
import { webhookOperations } from './webhooks.ts';

export const operations: readonly Operation<Services>[] = [
  ...orderOperations,
  ...reissueOperations,
  ...orderProofOperations,
  ...certificateOperations,
  ...requestOperations,
  ...reportOperations,
  ...domainOperations,
  ...organizationOperations,
  ...containerOperations,
  ...userOperations,
  ...accountOperations,
  ...productOperations,
  ...keyOperations,
  ...webhookOperations,
];
