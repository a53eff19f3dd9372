/**
 * The calls of the nginx agent (`httpsok.sh` 1.8 to 1.18), a shell script. Replies are plain text: it compares whole
 * lines, and splits some at blanks.
 */
import { z } from 'zod';
import { quoted, refuse } from '../../../domain/errors.ts';
import { queryOf, type ReadInput, readMultipart, readPlainText } from '../../kit/input.ts';
import { callerOperation, type HttpMethod } from '../../kit/operation.ts';
import { agentHomeOf, agentMarksOf } from '../agent-runs.ts';
import type { Client } from '../services.ts';

const base = '/v1/nginx';
const reply = z.string();
const nothing = z.object({});
const withCode = z.object({ code: z.string() });
const withText = z.object({ text: z.string() });

export function text(body: unknown): Response {
  return new Response(String(body), { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

const plain = { response: reply, render: text, mediaTypes: ['text/plain'], refusesInText: true } as const;

/** The agent sends what it likes as a content type, so the body of a GET is never looked at. */
const readQuery: ReadInput = async ({ request, params }) => ({
  ...queryOf(request.url),
  ...params,
});

const readUpload: ReadInput = async (incoming) => ({
  ...(await readMultipart(incoming)),
  ...(await readQuery(incoming)),
});

function acknowledged(id: string, method: HttpMethod, path: string, en: string, zh: string) {
  return callerOperation({
    id,
    method,
    path: base + path,
    summary: { en, zh },
    request: nothing,
    ...plain,
    read: readQuery,
    handle: async (_input, _session: Client) => 'ok',
  });
}

const preparse = callerOperation({
  id: 'agent.preparse',
  method: 'POST',
  path: `${base}/preparse`,
  summary: { en: 'The certificates of an nginx configuration', zh: '解析 nginx 配置中的证书' },
  request: withText,
  ...plain,
  read: readPlainText,
  requestType: 'text/plain',
  // The script sends the whole configuration of a web server at once: some hundred bytes for each of its sites.
  bodyLimitBytes: 1 << 20,
  handle: async (input, { services, caller, request }: Client) =>
    services.agent.preparse(caller, input.text, { marks: agentMarksOf(request), home: agentHomeOf(request) }),
});

const upload = callerOperation({
  id: 'agent.upload',
  method: 'POST',
  path: `${base}/upload`,
  summary: { en: 'The certificate in use', zh: '上传当前证书' },
  // The key comes along as `certKey`. Nobody here needs it, so it is not looked at.
  request: z.object({ code: z.string(), cert: z.union([z.instanceof(File), z.string()]).optional() }),
  ...plain,
  read: readUpload,
  requestType: 'multipart/form-data',
  async handle({ code, cert = '' }, { services, caller }: Client) {
    await services.agent.upload(caller, code, typeof cert === 'string' ? cert : await cert.text());
    return 'ok';
  },
});

const check = callerOperation({
  id: 'agent.check',
  method: 'GET',
  path: `${base}/check`,
  summary: { en: 'Whether there is a new certificate', zh: '检测证书' },
  request: withCode,
  ...plain,
  read: readQuery,
  handle: ({ code }, { services, caller, language }: Client) => services.agent.check(caller, code, language),
});

const checkDns = callerOperation({
  id: 'agent.checkDns',
  method: 'GET',
  path: `${base}/checkDns`,
  summary: { en: 'Whether the delegations are there', zh: '检测 DNS 解析' },
  // Up to 1.8 the script sends the codes.
  request: z.object({ codes: z.string().default('') }),
  ...plain,
  read: readQuery,
  handle: ({ codes }, { services, caller, language, request }: Client) =>
    services.agent.checkDns(
      caller,
      { codes: codes.split(',').filter((code) => code !== ''), marks: agentMarksOf(request) },
      language,
    ),
});

const download = callerOperation({
  id: 'agent.download',
  method: 'GET',
  path: `${base}/cert/:file`,
  summary: { en: 'A certificate or its key', zh: '下载证书或私钥' },
  request: z.object({ file: z.string() }),
  ...plain,
  read: readQuery,
  async handle({ file }, { services, caller }: Client) {
    const [code = '', kind] = file.split('.');
    if (kind !== 'cer' && kind !== 'key') throw refuse('notFound', { what: 'certificate', value: quoted(file) });
    return services.agent.file(caller, code, kind);
  },
});

const log = callerOperation({
  id: 'agent.log',
  method: 'PUT',
  path: `${base}/log/:type`,
  summary: { en: 'What happened on the web server', zh: '上报日志' },
  request: z.object({ type: z.string(), text: z.string() }),
  ...plain,
  read: readPlainText,
  requestType: 'text/plain',
  async handle(input, { services, caller }: Client) {
    const report = { account: caller.scope, type: input.type.slice(0, 40), said: input.text.slice(0, 500) };
    services.log.info(report, 'the nginx agent reports');
    // The script writes its next word right behind this line.
    return 'ok\n';
  },
});

export const agentOperations = [
  acknowledged('agent.status', 'GET', '/status', 'Whether the key is good', '检测服务状态'),
  preparse,
  upload,
  checkDns,
  check,
  download,
  log,
  acknowledged('agent.done', 'GET', '/done', 'The agent has done its work', '完成'),
  acknowledged('agent.uninstall', 'GET', '/uninstall', 'The agent was removed', '卸载'),
] as const;
