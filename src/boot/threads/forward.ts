/** Requests that a front-door thread hands on to the core's, whole: lists of the CA, metrics, pages behind links. */
import type { DialectServer } from '../../domain/ports/dialect.ts';
import type { PlainRequest, PlainResponse } from './messages.ts';
import type { Caller } from './remote-ports.ts';

/** The name among the ports under which the core answers them; its methods are the names of mounts. */
export const forwarded = 'forwarded';

/** More than any of the pages takes. */
const bodyLimitBytes = 1 << 20;

export function forwardTo(mount: string, call: Caller['call']): DialectServer {
  return {
    async fetch(request, peer) {
      const body = await bodyOf(request);
      if (body === 'tooLarge')
        return new Response('certmux: the body is too large\n', { status: 413, headers: { connection: 'close' } });
      const { url, method } = request;
      const plain: PlainRequest = { url, method, headers: [...request.headers], body, peer };
      return toResponse((await call(forwarded, mount, [plain])) as PlainResponse);
    },
  };
}

/** The core's side. */
export async function answerForwarded(server: DialectServer, plain: PlainRequest): Promise<PlainResponse> {
  const { url, method, headers, body, peer } = plain;
  const request = new Request(url, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    ...(body === null ? {} : { body: new Uint8Array(body) }),
  });
  const response = await server.fetch(request, peer);
  const bytes = response.body === null ? null : new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: [...response.headers], body: bytes };
}

function toResponse({ status, headers, body }: PlainResponse): Response {
  return new Response(body === null ? null : new Uint8Array(body), {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

async function bodyOf({ body }: Request): Promise<Uint8Array | null | 'tooLarge'> {
  if (body === null) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > bodyLimitBytes) return 'tooLarge';
    parts.push(part);
  }
  return Buffer.concat(parts);
}
