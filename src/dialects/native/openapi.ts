/** The OpenAPI 3.1 document of the native API. */
import type { Language } from '../../domain/errors.ts';
import { openApiDocument } from '../kit/openapi.ts';
import type { OperationDescription } from '../kit/operation.ts';
import { problemType } from './errors.ts';
import { problem } from './schema/shapes.ts';

const description = [
  'Orders certificates and runs the server. Every id stands for an object of the account that the token belongs to; an',
  "operator's token sees every account. Times are UTC, money is integer minor units. Refusals are problem details",
  '(RFC 9457) with a stable `code`; `Accept-Language: zh` makes their text Chinese.',
].join('\n');

export function openApiOf(
  operations: readonly OperationDescription[],
  about: { readonly version: string; readonly publicUrl: string; readonly language: Language },
): Record<string, unknown> {
  return openApiDocument({
    title: 'certmux',
    version: about.version,
    description,
    serverUrl: about.publicUrl,
    language: about.language,
    operations,
    error: { schema: problem, contentType: problemType },
    securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '`cmx_<id>_<secret>`' } },
  });
}
