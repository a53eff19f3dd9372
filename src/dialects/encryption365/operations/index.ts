/** Every call of the API. */
import type { Operation } from '../../kit/operation.ts';
import type { Services } from '../services.ts';
import { pay, showAccount, showInvoice } from './accounts.ts';
import {
  changeMethod,
  createCertificate,
  recheck,
  reissueCertificate,
  revokeCertificate,
  showCertificate,
} from './certificates.ts';
import { createDevice, ping, showClientVersion } from './devices.ts';
import { listProducts } from './products.ts';
import { register, sendRegistrationCode } from './registration.ts';

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
