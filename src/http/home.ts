/**
 * `/`: what this server is and where to go from here. A browser is led to the console, where there is one; the page is for everybody else, such as
 * a person with curl, and for servers without a console.
 */
import { hash } from 'node:crypto';
import { acceptedLanguage, type Language } from '../domain/language.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import { documentHeaders } from './document-headers.ts';
import { baseStyle, escaped } from './html.ts';

const style = `${baseStyle}
main{max-width:46rem;margin:0 auto;padding:3rem 1rem}
h1{font-size:1.6rem;margin:0 0 .5rem}
p{margin:0 0 1.5rem;color:var(--dim)}
ul{list-style:none;margin:0;padding:0}
li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:0 0 .75rem}
a{color:var(--main);font-weight:600}
span{display:block;color:var(--dim)}
pre{margin:.5rem 0 0;overflow-x:auto}
`;

const vary = 'Accept, Accept-Language';
const headers = documentHeaders({
  style: `'sha256-${hash('sha256', style, 'base64')}'`,
  cacheControl: 'no-cache',
  vary,
});

interface Words {
  readonly title: string;
  readonly about: string;
  readonly docs: readonly [link: string, about: string];
  readonly root: readonly [link: string, about: string];
  readonly pki: readonly [link: string, about: string];
  readonly get: readonly [title: string, about: string];
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: 'certmux',
    about: 'A certificate service. It answers several ordering APIs and ACME.',
    docs: ['APIs', 'The APIs that this server speaks, with examples, and as OpenAPI documents.'],
    root: ['Root certificates', 'For machines that are to trust the certificates of this server, as one PEM file.'],
    pki: ['Certificates and revocation lists of the CA', 'Each by itself.'],
    get: ['On the command line', 'A certificate for a host, with its key, renewed in time:'],
  },
  zh: {
    title: 'certmux',
    about: '证书服务，支持多种证书申请 API 以及 ACME。',
    docs: ['API 文档', '本服务器支持的全部 API，附示例，并提供 OpenAPI 文档。'],
    root: ['根证书', '供需要信任本服务器证书的设备下载（单个 PEM 文件）。'],
    pki: ['CA 证书与吊销列表', '逐个下载。'],
    get: ['命令行', '为主机申请证书，私钥保存在本机，并自动续期：'],
  },
};

/** @param consolePath where browsers are led; undefined: there is no console */
export function createHome(consolePath?: string): DialectServer {
  const pages = { en: page('en'), zh: page('zh') };
  return {
    async fetch(request) {
      if (consolePath !== undefined && isBrowser(request)) {
        // Not for good: browsers would keep it, and another version may have no console.
        return new Response(null, {
          status: 302,
          headers: { Location: consolePath, 'Cache-Control': 'no-store', Vary: vary },
        });
      }
      const body = pages[acceptedLanguage(request.headers.get('accept-language'), 'en')];
      return new Response(request.method === 'HEAD' ? null : body, { headers });
    },
  };
}

/** Programs ask for anything, or for what they read; a browser that opens an address names HTML first. */
function isBrowser({ headers }: Request): boolean {
  return /^\s*text\/html\b/i.test(headers.get('accept') ?? '');
}

function page(language: Language): string {
  const { title, about, docs, root, pki, get } = words[language];
  const item = (href: string, [link, text]: readonly [string, string]) =>
    `<li><a href="${href}">${escaped(link)}</a><span>${escaped(text)}</span></li>`;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head>
<body><main>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
<ul>
${item('/api/docs', docs)}
${item('/pki/root.pem', root)}
${item('/pki/', pki)}
<li><b>${escaped(get[0])}</b><span>${escaped(get[1])}</span><pre>certmux get www.example.com --webroot /var/www/html</pre></li>
</ul>
</main></body>
</html>
`;
}
