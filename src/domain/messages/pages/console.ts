/** What `/console/` shows where the console itself cannot: while it is built, when that failed, without scripts. */
import type { Language } from '../../language.ts';

interface ConsolePageTexts {
  readonly needsScripts: string;
  readonly buildingTitle: string;
  readonly building: string;
  readonly failedTitle: string;
  /** Text and commands by turns, text first. */
  readonly failed: readonly string[];
}

export const consolePageTexts: Readonly<Record<Language, ConsolePageTexts>> = {
  en: {
    needsScripts: 'The console needs JavaScript. Please allow it for this site, then reload the page.',
    buildingTitle: 'The console is being built',
    building: 'This takes some seconds, once after each update. The page opens by itself. The APIs answer already.',
    failedTitle: 'The console could not be built',
    failed: [
      'The APIs answer as always; only these pages are missing. On the server, in the folder of certmux, run ',
      'npm ci',
      ' and then ',
      'npm run build:console',
      ' as the user who owns that folder. This page opens by itself when it is done. The build wrote:',
    ],
  },
  zh: {
    needsScripts: '控制台需要 JavaScript，请允许本站运行脚本，然后刷新页面。',
    buildingTitle: '正在构建控制台',
    building: '每次更新后需要构建一次，约几秒钟，完成后页面会自动打开。各 API 已可正常使用。',
    failedTitle: '控制台构建失败',
    failed: [
      '各 API 不受影响，仅控制台页面不可用。请在服务器上进入 certmux 所在目录，以该目录所有者的身份依次运行 ',
      'npm ci',
      ' 和 ',
      'npm run build:console',
      '，完成后本页面会自动打开。构建输出：',
    ],
  },
};
