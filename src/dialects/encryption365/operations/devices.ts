/** Devices: each sign-in makes one, with its own revocable credential. */
import { publicOperation } from '../../kit/operation.ts';
import { formatWireTime } from '../../kit/wire-time.ts';
import { dialectName } from '../name.ts';
import { clientVersion, device, deviceRequest, done, emptyRequest } from '../schema.ts';
import type { Stranger } from '../services.ts';

export const createDevice = publicOperation({
  id: 'client.create',
  method: 'POST',
  path: '/client/create',
  summary: { en: 'Sign in and register this device', zh: '注册新设备' },
  request: deviceRequest,
  response: device,
  async handle(input, { services, origin }: Stranger) {
    const { credential, secret } = await services.signIn.createDevice(
      { dialect: dialectName, username: input.username, password: input.password, label: input.servername },
      origin,
    );
    return {
      result: 'success',
      client_id: credential.publicId,
      access_token: secret,
      ip_address: origin.address,
      status: 'active',
      created_at: formatWireTime(credential.createdAt, services.config.timeOffset),
    };
  },
});

export const showClientVersion = publicOperation({
  id: 'client.version',
  method: 'POST',
  path: '/client/version',
  summary: { en: 'The newest version of the client software', zh: '客户端最新版本' },
  request: emptyRequest,
  response: clientVersion,
  async handle(_input, { services }: Stranger) {
    // Clients offer an update when this text sorts after their own version. certmux publishes no clients, so it never does.
    return { result: 'success', latest_version: '0.0.0', update_description: `certmux ${services.version}` };
  },
});

/** The Lua client's first call; its body is empty. */
export const ping = publicOperation({
  id: 'ping',
  method: 'POST',
  path: '/ping',
  summary: { en: 'Whether the service answers', zh: '服务是否可用' },
  request: emptyRequest,
  response: done,
  async handle(_input, _session: Stranger) {
    return { result: 'success', status: 'success' };
  },
});
