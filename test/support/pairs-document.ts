/** docs/pairs.md: every front door with every way out, by the function that the configuration is checked with. `npm run docs` writes it. */
import { everyDoor, type WayOut, waysOut } from '../../src/config/ways-out.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { type PairRow, pairTable, type Standing } from '../../src/domain/pair-table.ts';
import { vendorLimits } from './upstreams-tables.ts';

export const doors = everyDoor;

const marks = { own: 'own', shown: 'shown', beforehand: 'beforehand', none: '–' } as const satisfies Record<
  Standing['kind'],
  string
>;

export function pairsDocument(): string {
  const rows = waysOut.map((way) => ({ title: titleOf(way), cells: pairTable(doors, [way.side]) }));
  const refused = rows.flatMap(({ title, cells }) => cells.flatMap((cell) => reasonsOf(title, cell)));
  return [
    '# Front doors and ways out',
    '',
    'Which front door sells what comes from which issuer, and who proves what to whom then. 哪个前端接口可以销售哪个签发机构的证书，以及由谁向谁验证域名。',
    'This page is made by `npm run docs` from the function that `certmux config check` uses.',
    '',
    `| way out, mode | ${doors.map(({ dialect }) => dialect).join(' | ')} |`,
    `|---|${doors.map(() => '---|').join('')}`,
    ...rows.map(
      ({ title, cells }) => `| ${title} | ${cells.map(({ standing }) => marks[standing.kind]).join(' | ')} |`,
    ),
    '',
    '| word | English | 中文 |',
    '|---|---|---|',
    '| own | certmux checks the names by the front door’s own challenges; nothing else is needed | certmux 按前端接口自己的验证信息检查域名，无需其他准备 |',
    '| shown | the front door shows its customers what the upstream looks for: the delegation, or the upstream’s own challenge | 前端接口向客户展示上游要查找的内容：委托记录，或上游自己的验证信息 |',
    '| beforehand | the front door’s own challenges, and what the upstream looks for must stand as well before the order: `certmux dns check` | 按前端接口自己的验证信息检查，同时上游要查找的内容须在下单前就绪：`certmux dns check` |',
    '| – | cannot be sold; the reasons are below | 不能销售，原因见下 |',
    '',
    '## Limits of the modes · 各模式的限制',
    '',
    '| mode | English | 中文 |',
    '|---|---|---|',
    '| `alias` | names and wildcards, no addresses. Behind `acme`, dns-01 cannot be used beside the delegation, since both stand at `_acme-challenge`: clients prove names by http-01 or tls-alpn-01, and wildcards by dns-persist-01 | 支持域名和通配符域名，不支持 IP 地址。`acme` 接口的 dns-01 与委托都位于 `_acme-challenge`，不能并存：域名请用 http-01 或 tls-alpn-01 验证，通配符域名请用 dns-persist-01 |',
    '| `serve` | names and addresses, no wildcards | 支持域名和 IP 地址，不支持通配符域名 |',
    '| `persist` | names and wildcards, no addresses; only where the CA offers dns-persist-01 | 支持域名和通配符域名，不支持 IP 地址；仅限提供 dns-persist-01 的 CA |',
    '| `relay` | the vendor’s challenges, one order at the vendor for each issuance. Never behind `acme`, whose clients make the challenges’ values themselves, nor behind `wosign`, whose customers only keep a static file. No pools | 厂商自己的验证信息，每次签发在厂商处对应一个订单。`acme` 的客户端自行生成验证内容，`wosign` 的客户只放置静态文件，都不能使用。不能放入签发机构池 |',
    '| `standing` | names that the vendor has validated for our account; others wait for the operator | 厂商已为我们的账户验证的域名；其他域名等待管理员处理 |',
    '| `signfile` | host names whose web server has the vendor’s file; no wildcards, no addresses | 网站上放有厂商静态文件的域名；不支持通配符域名和 IP 地址 |',
    '',
    'What the vendors take:',
    '',
    vendorLimits('en'),
    '',
    '各厂商的限制：',
    '',
    vendorLimits('zh'),
    '',
    '## Pairs that cannot work · 不能搭配的情况',
    '',
    '| front door | way out | English | 中文 |',
    '|---|---|---|---|',
    ...refused,
    '',
  ].join('\n');
}

function titleOf({ name, side }: WayOut): string {
  return side.mode === 'own' ? `\`${name}\`` : `${name}, \`${side.mode}\``;
}

function reasonsOf(way: string, { pair, standing }: PairRow): readonly string[] {
  if (standing.kind !== 'none') return [];
  const { reason } = standing;
  return [`| ${pair.dialect} | ${way} | ${renderReason(reason, 'en')} | ${renderReason(reason, 'zh')} |`];
}
