/** The lines for nginx that `certmux dns check` prints, in a real nginx: files of http-01 come from certmux, byte for byte, and nothing else does. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { responderSnippets } from '../../src/domain/responder-snippets.ts';
import { listen } from '../support/listen.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { freePort } from '../support/server-process.ts';

const path = '/.well-known/acme-challenge/certmux-0123456789abcdef0123456789abcdef';
const content = 'token.thumbprint';

describe('the lines for nginx', () => {
  const asked: string[] = [];
  const certmux = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(url === path ? 200 : 404, { 'content-type': 'text/plain' }).end(url === path ? content : '');
  });
  let nginx: Nginx;
  let port: number;

  before(async () => {
    const responder = `http://127.0.0.1:${await listen(certmux)}`;
    port = await freePort();
    const lines = responderSnippets('www.example.com', responder).find(({ title }) => title === 'nginx')?.lines ?? [];
    nginx = await startNginx({
      http: `
        server { listen 127.0.0.1:{port} ssl; ssl_certificate {home}/a.cer; ssl_certificate_key {home}/a.key; }
        server {
          listen 127.0.0.1:${port};
          server_name www.example.com;
          ${lines.join('\n')}
          location / { return 301 https://$host$request_uri; }
        }`,
      files: {},
      certificates: ['a'],
    });
  });
  after(async () => {
    await nginx?.close();
    certmux.close();
  });

  const get = (url: string) => fetch(`http://127.0.0.1:${port}${url}`, { redirect: 'manual' });

  it('pass a file on under its own path', async () => {
    const response = await get(path);
    assert.deepEqual([response.status, await response.text()], [200, content]);
    assert.deepEqual(asked, [path]);
  });

  it('leave everything else where it was', async () => {
    const response = await get('/index.html');
    assert.equal(response.status, 301);
    assert.deepEqual(asked, [path]);
  });
});
