/** Every call of the API. */
import type { Operation } from '../kit/operation.ts';
import {
  certByReference,
  certIdByReference,
  collectCertificate,
  reissueCertificate,
  replaceCertificate,
  revokeCertificate,
} from './operations/certificates.ts';
import { cancelOrder, listOrders, placeOrder, renewOrder, validateOrder } from './operations/orders.ts';
import { listCountries, listProducts, verifyMailCertificate } from './operations/products.ts';
import {
  checkCaa,
  listAddresses,
  removeName,
  removeNames,
  updateMethod,
  updateMethods,
  validateDns,
  validateFile,
} from './operations/validation.ts';
import type { Services } from './services.ts';

export const operations: readonly Operation<Services>[] = [
  listProducts,
  placeOrder,
  validateOrder,
  collectCertificate,
  listOrders,
  certIdByReference,
  certByReference,
  updateMethod,
  updateMethods,
  listAddresses,
  validateFile,
  validateDns,
  removeName,
  removeNames,
  checkCaa,
  replaceCertificate,
  reissueCertificate,
  renewOrder,
  cancelOrder,
  revokeCertificate,
  listCountries,
  verifyMailCertificate,
];
