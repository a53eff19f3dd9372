/** The situations in which relying parties are asked, what each must say, and what a verifier has no way to ask. */
import type { Phrase } from '../../src/domain/messages/expectations.ts';

/** What a situation needs of a verifier, beyond chains, signatures, times and revoked leaves. */
export type Ask = 'name' | 'listMissing' | 'listExpired';

export interface Expectation {
  readonly title: Phrase;
  readonly expected: 'ok' | 'refused';
  /** A verifier that cannot ask for it accepts. */
  readonly needs?: Ask;
  /** What every verifier says in some words, so that it has not refused for another reason. */
  readonly because?: RegExp;
}

const revoked = { expected: 'refused', because: /revoked/i } as const;

export const expectations = {
  fresh: { title: { en: 'a certificate under P-256', zh: 'P-256 层级的证书' }, expected: 'ok' },
  freshRsa: { title: { en: 'a certificate under RSA', zh: 'RSA 层级的证书' }, expected: 'ok' },
  wrongName: {
    title: { en: 'another name than it has', zh: '所访问的域名不在证书中' },
    expected: 'refused',
    needs: 'name',
  },
  revoked: { title: { en: 'revoked', zh: '证书已吊销' }, ...revoked },
  expired: { title: { en: 'expired', zh: '证书已过期' }, expected: 'refused' },
  notYetValid: { title: { en: 'not valid yet', zh: '证书尚未生效' }, expected: 'refused' },
  listExpired: {
    title: { en: 'the list has expired', zh: '吊销列表已过期' },
    expected: 'refused',
    needs: 'listExpired',
  },
  listMissing: {
    title: { en: 'the list of the root is missing', zh: '缺少根 CA 的吊销列表' },
    expected: 'refused',
    needs: 'listMissing',
  },
  chainIncomplete: { title: { en: 'the intermediate is missing', zh: '缺少中间证书' }, expected: 'refused' },
  intermediateRevoked: { title: { en: 'the intermediate is revoked', zh: '中间证书已吊销' }, ...revoked },
  rolloverFormer: {
    title: {
      en: 'rollover: of the former intermediate, with the list it makes since',
      zh: '轮换：旧中间 CA 的证书，配其新列表',
    },
    expected: 'ok',
  },
  rolloverFormerRevoked: {
    title: { en: 'rollover: of the former one, revoked since', zh: '轮换：旧中间 CA 的证书，轮换后吊销' },
    ...revoked,
  },
  rolloverSuccessor: { title: { en: 'rollover: of the successor', zh: '轮换：新中间 CA 的证书' }, expected: 'ok' },
  rolloverSuccessorRevoked: {
    title: { en: 'rollover: of the successor, revoked', zh: '轮换：新中间 CA 的证书，已吊销' },
    ...revoked,
  },
  rolloverOtherChain: {
    title: { en: 'rollover: of the successor, with the former chain', zh: '轮换：新中间 CA 的证书，配旧证书链' },
    expected: 'refused',
  },
  newRoot: { title: { en: 'new root: for who has it', zh: '新根：信任新根' }, expected: 'ok' },
  newRootUnknown: {
    title: { en: 'new root: for who has only the former', zh: '新根：只信任旧根' },
    expected: 'refused',
  },
  newRootBoth: {
    title: { en: 'new root: a former certificate, for who has both', zh: '新根：旧证书，两个根都信任' },
    expected: 'ok',
  },
  outside: { title: { en: 'under an outside root', zh: '外部根之下的证书' }, expected: 'ok' },
  outsideRevoked: {
    title: { en: 'under an outside root, revoked', zh: '外部根之下的证书，已吊销' },
    ...revoked,
  },
  outsideCaRevoked: {
    title: { en: 'under an outside root that has revoked the CA', zh: '外部根已吊销中间 CA' },
    ...revoked,
  },
  constrainedAllowed: {
    title: { en: 'name constraints of the CA: a permitted name', zh: 'CA 有名称约束：允许的域名' },
    expected: 'ok',
  },
  constrainedForbidden: {
    title: { en: 'name constraints of the CA: another name', zh: 'CA 有名称约束：约束之外的域名' },
    expected: 'refused',
  },
  importedNew: { title: { en: 'imported CA: a new certificate', zh: '接管的 CA：新证书' }, expected: 'ok' },
  importedFormer: {
    title: { en: 'imported CA: a certificate from before', zh: '接管的 CA：接管前的证书' },
    expected: 'ok',
  },
  importedRevokedBefore: {
    title: { en: 'imported CA: a certificate that was revoked before', zh: '接管的 CA：接管前已吊销的证书' },
    ...revoked,
  },
  importedRevokedSince: {
    title: { en: 'imported CA: a certificate from before, revoked since', zh: '接管的 CA：接管前的证书，接管后吊销' },
    ...revoked,
  },
  offline: {
    title: { en: 'the root in a file: a CA that the file signed', zh: '离线根：由密钥文件签发的 CA' },
    expected: 'ok',
  },
  offlineRevoked: {
    title: { en: 'the root in a file: the CA is revoked by it', zh: '离线根：密钥文件吊销该 CA' },
    ...revoked,
  },
  lastList: {
    title: { en: 'the last day of a CA: its list names no end', zh: 'CA 的最后一天：列表没有结束时间' },
    expected: 'ok',
  },
  lastListRevoked: {
    title: { en: 'the last day of a CA, revoked', zh: 'CA 的最后一天：证书已吊销' },
    ...revoked,
  },
} as const satisfies Readonly<Record<string, Expectation>>;

export type SituationId = keyof typeof expectations;

export const situationIds = Object.keys(expectations) as SituationId[];

export type VerifierId = 'openssl' | 'go' | 'java' | 'nss' | 'gnutls' | 'rustls';

/** Why a verifier accepts all the same. A run fails where it refuses: then the row is wrong. */
export const cannotAsk: Readonly<Partial<Record<VerifierId, Readonly<Partial<Record<Ask, Phrase>>>>>> = {
  nss: {
    name: {
      en: 'vfychain takes no name: programs with NSS compare it at the TLS handshake',
      zh: 'vfychain 不接受域名参数：使用 NSS 的程序在 TLS 握手时比对',
    },
    listMissing: {
      en: 'NSS looks into the lists that it has, and asks for no others',
      zh: 'NSS 只查已有的列表，不要求其他列表',
    },
    listExpired: {
      en: 'NSS goes on with a list that has expired: it still shows what was revoked',
      zh: 'NSS 继续使用过期的列表：其中的吊销记录依然有效',
    },
  },
  gnutls: {
    listMissing: {
      en: 'certtool looks into the lists that it is given, and asks for no others',
      zh: 'certtool 只查给定的列表，不要求其他列表',
    },
  },
};
