/**
 * The lines for nginx, Apache and Caddy that `certmux dns check` prints, in the real servers: files of http-01 come from certmux, byte for
 * byte, and nothing else does.
 */
import assert from 'node:assert/strict';
import { createServer, get as httpGet, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { responderSnippets, type Snippet } from '../../src/domain/responder-snippets.ts';
import { listen } from '../support/listen.ts';
import { startNginx } from '../support/nginx.ts';
import { freePort } from '../support/server-process.ts';
import { startApache, startCaddy, type WebServer } from '../support/web-server.ts';

const name = 'www.example.com';
const path = '/.well-known/acme-challenge/certmux-0123456789abcdef0123456789abcdef';
const content = 'token.thumbprint';

interface Case {
  readonly of: Snippet['title'];
  readonly beside: string;
  start(lines: readonly string[]): Promise<WebServer>;
}

/** Each with what sends everything else to https there, as people write it. */
const cases: readonly Case[] = [
  {
    of: 'nginx',
    beside: 'return 301',
    async start(lines) {
      const port = await freePort();
      const http = `
        server { listen 127.0.0.1:{port} ssl; ssl_certificate {home}/a.cer; ssl_certificate_key {home}/a.key; }
        server {
          listen 127.0.0.1:${port};
          server_name ${name};
          ${lines.join('\n')}
          location / { return 301 https://$host$request_uri; }
        }`;
      const nginx = await startNginx({ http, files: {}, certificates: ['a'] });
      return { port, close: () => nginx.close() };
    },
  },
  {
    of: 'Apache',
    beside: 'Redirect',
    start: (lines) => startApache(name, [...lines, `Redirect permanent / https://${name}/`]),
  },
  {
    of: 'Apache',
    beside: 'RewriteRule',
    start: (lines) =>
      startApache(name, [
        ...lines,
        'RewriteEngine on',
        'RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]',
      ]),
  },
  { of: 'Caddy', beside: 'the redirect in its own lines', start: (lines) => startCaddy(lines) },
];

for (const { of, beside, start } of cases) {
  describe(`the lines for ${of}, beside ${beside}`, () => {
    const asked: string[] = [];
    const certmux = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(url === path ? 200 : 404, { 'content-type': 'text/plain' }).end(url === path ? content : '');
    });
    let server: WebServer;

    before(async () => {
      const responder = `http://127.0.0.1:${await listen(certmux)}`;
      server = await start(responderSnippets(name, responder).find(({ title }) => title === of)?.lines ?? []);
    });
    after(async () => {
      await server?.close();
      certmux.close();
    });

    const get = async (url: string) => {
      const { port } = server;
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = { host: '127.0.0.1', port, path: url, headers: { host: name }, agent: false } as const;
        httpGet(request, resolve).once('error', reject);
      });
      return { status: response.statusCode, location: response.headers.location, body: await text(response) };
    };

    it('pass a file on under its own path', async () => {
      const { status, body } = await get(path);
      assert.deepEqual([status, body], [200, content]);
      assert.deepEqual(asked, [path]);
    });

    it('leave everything else where it was', async () => {
      const { status = 0, location } = await get('/index.html');
      assert.deepEqual([status >= 301 && status <= 302, location], [true, `https://${name}/index.html`]);
      assert.deepEqual(asked, [path]);
    });
  });
}
