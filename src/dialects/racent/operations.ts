/** Every call of the API. */
import { orderingRoles as ordering } from '../../domain/caller.ts';
import { type Operation, withRoles } from '../kit/operation.ts';
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

const everyOperation: readonly Operation<Services>[] = [
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

/** The roles of every operation that is not open to all of them. */
export const operations: readonly Operation<Services>[] = withRoles(everyOperation, {
  'order.place': ordering,
  'order.validate': ordering,
  'order.renew': ordering,
  'order.cancel': ordering,
  'cert.replace': ordering,
  'cert.reissue': ordering,
  'cert.revoke': ordering,
  'dcv.update': ordering,
  'dcv.batchUpdate': ordering,
  'dcv.file': ordering,
  'dcv.dns': ordering,
  'dcv.remove': ordering,
  'dcv.batchRemove': ordering,
});
