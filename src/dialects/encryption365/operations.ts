/** Every call of the API. */
import type { Operation } from '../kit/operation.ts';
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

export const operations: readonly Operation<Services>[] = [
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
