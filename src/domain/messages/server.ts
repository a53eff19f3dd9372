/** Refusals that come from the state of the server itself: its disk, its master key. */
import { type None, row } from './row.ts';

export const serverReasons = {
  diskFull: row<None>(
    'unavailable',
    () => 'the disk of the server is full and nothing was stored; try again after the operator has freed space',
    () => '服务器磁盘空间不足，本次操作未保存，请管理员释放空间后重试',
  ),
  diskFailed: row<None>(
    'unavailable',
    () =>
      'the disk of the server failed and nothing is stored until the server is restarted; the operator can find the cause in the log',
    () => '服务器磁盘故障，重启前无法保存数据，管理员可在日志中查找原因',
  ),
  masterKeyKeptElsewhere: row<{ setting: string }>(
    'wrongState',
    (p) =>
      `the master key is kept in ${p.setting}, so certmux cannot replace it: put the present key into CERTMUX_MASTER_KEY_OLD (or masterKeyOldFile) and a new one into ${p.setting}, then restart`,
    (p) =>
      `主密钥由 ${p.setting} 提供，certmux 无法自行更换：请将当前密钥放入 CERTMUX_MASTER_KEY_OLD（或 masterKeyOldFile），将新密钥放入 ${p.setting}，然后重启`,
  ),
} as const;
