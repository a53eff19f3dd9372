import type { Texts } from '../texts.ts';

export const blockedKeys: Texts['blockedKeys'] = {
  title: '禁用的密钥',
  count: (count) => `${count} 个密钥`,
  columns: { key: '指纹（SHA-256）', source: '原因', where: '范围', note: '备注', at: '禁用时间' },
  sources: {
    revocation: '其证书因密钥泄露被吊销',
    proof: '密钥已签名证明自身泄露',
    decision: '人工禁用',
    list: '来自导入的名单',
  },
  everywhere: '所有账户',
  inAccount: '单个账户',
  empty: '没有禁用的密钥',
  emptyText: '被禁用的密钥不能再用于签发证书；已泄露的密钥会自动禁用。',
  block: '禁用密钥',
  blockText: '此后不再为其签发证书；已签发的证书在吊销之前仍然有效。',
  keyLabel: '密钥',
  keyText: '指纹（SHA-256），或 PEM 格式的公钥、CSR 或证书。请勿提交私钥。',
  noteText: '供以后遇到此禁用的人查看。',
  unblock: '解除',
  unblockTitle: '解除此密钥的禁用？',
  unblockText: '已泄露的密钥只有管理员可以解除禁用。',
};
