/** The exchanges of the native API: what there is none of, and the states that they start from. */
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { states } from './states.ts';

export const harness: DialectHarness = {
  withoutExchange: {
    'products.list': 'the catalogue is long and belongs to other dialects; orders.test.ts reads it',
    'certificates.download': 'files are bytes, which an exchange cannot show; certificates.test.ts compares them',
    'stream.open': 'a stream has no end; test/boot/stream.test.ts reads it over a socket',
    'openapi.show': 'the document is generated and long; openapi.test.ts checks it',
  },
  states,
};
