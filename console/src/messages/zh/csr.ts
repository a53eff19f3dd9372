import type { Texts } from '../texts.ts';

export const csr: Texts['csr'] = {
  label: 'CSR',
  given: '粘贴或选择文件',
  made: '在浏览器中生成',
  text: 'PKCS#10 格式，PEM 或 base64 均可，也可以将文件拖到这里。',
  file: '选择文件',
  tooLong: '文件过大，不是 CSR。',
  unreadable: '无法识别，内容不是有效的 CSR。',
  names: () => '域名',
  key: '密钥',
  madeText: '由浏览器生成密钥和 CSR。私钥只会保存为本地文件，不会发送到任何服务器；丢失后需要重新签发证书。',
  make: '生成密钥和 CSR',
  makeAgain: '重新生成密钥',
  namesFirst: '请先填写域名。',
  saved: (file) => `私钥已保存为文件 ${file}，没有其他副本，请妥善保管。`,
  cannotMake: '浏览器无法生成密钥，请检查域名，或粘贴已有的 CSR。',
};
