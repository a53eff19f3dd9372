/** Every call of the API. */
import { orderingRoles as ordering } from '../../domain/caller.ts';
import { type Operation, withRoles } from '../kit/operation.ts';
import { pay, showAccount, showInvoice } from './operations/accounts.ts';
import {
  changeMethod,
  createCertificate,
  recheck,
  reissueCertificate,
  revokeCertificate,
  showCertificate,
} from './operations/certificates.ts';
import { createDevice, ping, showClientVersion } from './operations/devices.ts';
import { listProducts } from './operations/products.ts';
import { register, sendRegistrationCode } from './operations/registration.ts';
import type { Services } from './services.ts';

const everyOperation: readonly Operation<Services>[] = [
  createDevice,
  showClientVersion,
  listProducts,
  showAccount,
  register,
  sendRegistrationCode,
  createCertificate,
  showCertificate,
  recheck,
  reissueCertificate,
  revokeCertificate,
  changeMethod,
  ping,
  pay,
  showInvoice,
];

/** The roles of every operation that is not open to all of them. */
export const operations: readonly Operation<Services>[] = withRoles(everyOperation, {
  'cert.create': ordering,
  'cert.challenge': ordering,
  'cert.reissue': ordering,
  'cert.revoke': ordering,
  'cert.change_dcv': ordering,
});
