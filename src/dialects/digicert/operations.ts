/** Every operation of the dialect. Fixed paths stand before those with a parameter in the same place: the first that fits answers. */
import { type Operation, withRoles } from '../kit/operation.ts';
import { accountOperations } from './account/operations.ts';
import { certificateOperations } from './certificates/operations.ts';
import { containerOperations } from './containers/operations.ts';
import { oldDomainOperations } from './domains/old-forms.ts';
import { domainOperations } from './domains/operations.ts';
import { keyOperations } from './keys/operations.ts';
import { rolesOfOperations } from './operation-roles.ts';
import { orderOperations } from './orders/operations.ts';
import { orderProofOperations } from './orders/proof-operations.ts';
import { reissueOperations } from './orders/reissues.ts';
import { reportOperations } from './orders/reports.ts';
import { organizationOperations } from './organizations/operations.ts';
import { productOperations } from './products/operations.ts';
import { requestOperations } from './requests/operations.ts';
import type { Services } from './services.ts';
import { userOperations } from './users/operations.ts';
import { webhookOperations } from './webhooks/operations.ts';

const everyOperation: readonly Operation<Services>[] = [
  ...orderOperations,
  ...reissueOperations,
  ...orderProofOperations,
  ...certificateOperations,
  ...requestOperations,
  ...reportOperations,
  ...domainOperations,
  ...oldDomainOperations,
  ...organizationOperations,
  ...containerOperations,
  ...userOperations,
  ...accountOperations,
  ...productOperations,
  ...keyOperations,
  ...webhookOperations,
];

export const operations = withRoles(everyOperation, rolesOfOperations);
