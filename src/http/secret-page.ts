/**
 * Pages whose address holds a secret that was mailed: no scripts, no images, nothing from elsewhere, and nothing that would
 * reveal the address to anybody: no referrer, no cache.
 */
import { hash } from 'node:crypto';
import { documentHeaders } from './document-headers.ts';
import { baseStyle, escaped } from './html.ts';

const style = `${baseStyle}
main{max-width:40rem;margin:0 auto;padding:3rem 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem;box-shadow:0 1px 3px rgba(16,24,40,.08)}
h1{font-size:1.45rem;line-height:1.3;margin:0 0 .75rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
.dim{color:var(--dim);font-size:.9rem}
.state{border-left:4px solid var(--line);padding:.6rem 1rem;margin:0 0 1.25rem;background:var(--ground);border-radius:0 8px 8px 0}
.ok{border-color:var(--ok)}.bad{border-color:var(--bad)}.note{border-color:var(--note)}
.state strong{display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.45rem 1.25rem;margin:1.25rem 0;padding:1.25rem 0;border:solid var(--line);border-width:1px 0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
ul{margin:0;padding:0;list-style:none;max-height:16rem;overflow:auto}
.this{font-weight:600}
form{display:flex;gap:.75rem;flex-wrap:wrap;margin:1.5rem 0 1rem}
form.fields{display:block}
label{display:block;font-weight:600;margin:0 0 .25rem}
input{font:inherit;display:block;width:100%;padding:.6rem .75rem;margin:0 0 1rem;border-radius:8px;border:1px solid var(--line);background:var(--ground);color:var(--ink)}
input[readonly]{color:var(--dim)}
button{font:inherit;font-weight:600;padding:.65rem 1.4rem;border-radius:8px;border:1px solid var(--main);background:var(--main);color:#fff;cursor:pointer}
button.reject{background:transparent;border-color:var(--bad);color:var(--bad)}
button:focus-visible,input:focus-visible{outline:3px solid var(--main);outline-offset:2px}
footer{margin-top:1rem;text-align:center}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.6rem}.card{padding:1.25rem}button{width:100%}}
`;

export const pageHeaders = {
  ...documentHeaders({
    style: `'sha256-${hash('sha256', style, 'base64')}'`,
    sendsForms: true,
    cacheControl: 'no-store',
    vary: 'Accept-Language',
  }),
  'X-Robots-Tag': 'noindex, nofollow',
} as const;

export interface PageAnswer {
  readonly method: string;
  readonly status: number;
  /** For a page that may be asked for again then. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A page, or only its headers. */
export function pageResponse(html: string, { method, status, retryAfterSeconds }: PageAnswer): Response {
  const headers = {
    ...pageHeaders,
    'Content-Length': String(Buffer.byteLength(html)),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
  };
  return new Response(method === 'HEAD' ? null : html, { status, headers });
}

/** `decision=confirm` and little more. */
const maxBodyBytes = 1024;

/** The fields of a small HTML form; undefined for anything else that is posted. */
export async function readForm(request: Request, limit = maxBodyBytes): Promise<URLSearchParams | undefined> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type) || request.body === null) return undefined;
  const bytes = await readAtMost(request.body, limit);
  return new URLSearchParams(Buffer.from(bytes).toString('utf8'));
}

/** The first bytes of the body; empty when it is longer or breaks off. */
async function readAtMost(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      size += part.byteLength;
      if (size > limit) return new Uint8Array();
      parts.push(part);
    }
  } catch {
    return new Uint8Array();
  }
  return Buffer.concat(parts);
}

export function frame(lang: string, title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="card">
${parts.filter((part) => part !== '').join('\n')}
</div>
<footer class="dim">certmux</footer>
</main>
</body>
</html>
`;
}
