/** The command line: argv in, exit code out. */
import { Command, Help } from 'commander';
import { type Cli, commonHeading } from './command.ts';
import { addAccountCommands } from './commands/account.ts';
import { addAcmeCommands } from './commands/acme.ts';
import { addAlarmCommands } from './commands/alarm.ts';
import { addApprovalCommands } from './commands/approval.ts';
import { addAuthorizationCommands } from './commands/authorization.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addCaCommands } from './commands/ca.ts';
import { addCertificateCommands } from './commands/certificate.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addContainerCommands, addCustomFieldCommands } from './commands/container.ts';
import { addCredentialCommands } from './commands/credential.ts';
import { addDatabaseCommands } from './commands/database.ts';
import { addDnsCommands } from './commands/dns.ts';
import { addDomainCommands } from './commands/domain.ts';
import { addEventCommands } from './commands/event.ts';
import { addFactCommands } from './commands/facts.ts';
import { addGetCommand } from './commands/get.ts';
import { addGrantCommands } from './commands/grant.ts';
import { addJobCommands } from './commands/job.ts';
import { addKeyCommands } from './commands/key.ts';
import { addKeyEncryptionCommands } from './commands/key-encryption.ts';
import { addMailCommands } from './commands/mail.ts';
import { addOperatorCommands } from './commands/operator.ts';
import { addOrderCommands } from './commands/order.ts';
import { addOrganizationCommands } from './commands/organization.ts';
import { addPriceCommands } from './commands/price.ts';
import { addProductCommands } from './commands/product.ts';
import { addReadyCommand } from './commands/ready.ts';
import { addReportCommands } from './commands/report.ts';
import { addRootCommands } from './commands/root.ts';
import { addSearchCommand } from './commands/search.ts';
import { addServerCommands } from './commands/server.ts';
import { addSessionCommands } from './commands/session.ts';
import { addSetupCommands } from './commands/setup.ts';
import { addStatsCommands } from './commands/stats.ts';
import { addUpstreamCommands } from './commands/upstream.ts';
import { addUserCommands } from './commands/user.ts';
import { addWebhookCommands } from './commands/webhook.ts';
import { type ExitName, exitCodes, exitMeanings } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import type { LocalCommands } from './local.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command.
 * @param argv only the arguments, without the program
 * @returns one of `exitCodes`; never throws
 */
export async function runCli(argv: readonly string[], local: LocalCommands, terminal: Terminal): Promise<number> {
  const json = argv.includes('--json');
  let exitCode: number = exitCodes.ok;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  try {
    await createProgram({ local, terminal, json, setExitCode }).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    return reportFailure(thrown, terminal, json);
  }
}

/** The tree of commands; also what documents and tests walk. */
export function createProgram(cli: Cli): Command {
  const { terminal } = cli;
  const program = new Command('certmux')
    .description(
      'A self-hosted certificate service: clients of several certificate APIs in front, any CA behind. New here? Run: certmux quickstart',
    )
    .version(cli.local.version)
    .addHelpText('after', exitCodesText())
    .showHelpAfterError(cli.json ? false : 'Add --help to see what it takes.')
    .configureOutput({
      writeOut: (text) => terminal.stdout(text),
      writeErr: (text) => terminal.stderr(text),
      // For programs the error is written as JSON, once it has arrived here.
      outputError: (text, write) => (cli.json ? undefined : write(text)),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ groupItems: commonLast })
    // Subcommands inherit this: everything ends by throwing, nothing by leaving the process.
    .exitOverride();
  addServerCommands(program, cli);
  addGetCommand(program, cli);
  addReadyCommand(program, cli);
  addCompletionCommand(program, cli);
  addOrderCommands(program, cli);
  addApprovalCommands(program, cli);
  addAuthorizationCommands(program, cli);
  addDomainCommands(program, cli);
  addDnsCommands(program, cli);
  addSearchCommand(program, cli);
  addWebhookCommands(program, cli);
  addCertificateCommands(program, cli);
  addKeyCommands(program, cli);
  addAccountCommands(program, cli);
  addUserCommands(program, cli);
  addSessionCommands(program, cli);
  addCredentialCommands(program, cli);
  addAcmeCommands(program, cli);
  addGrantCommands(program, cli);
  addOrganizationCommands(program, cli);
  addContainerCommands(program, cli);
  addCustomFieldCommands(program, cli);
  addProductCommands(program, cli);
  addPriceCommands(program, cli);
  addReportCommands(program, cli);
  addStatsCommands(program, cli);
  addSetupCommands(program, cli);
  addFactCommands(program, cli);
  addCaCommands(program, cli);
  addRootCommands(program, cli);
  addMailCommands(program, cli);
  addUpstreamCommands(program, cli);
  addEventCommands(program, cli);
  addJobCommands(program, cli);
  addAlarmCommands(program, cli);
  addKeyEncryptionCommands(program, cli);
  addDatabaseCommands(program, cli);
  addBackupCommands(program, cli);
  addOperatorCommands(program, cli);
  return program;
}

/** What is the same everywhere comes after what is special to the command. */
const commonLast: Help['groupItems'] = (all, shown, groupOf) => {
  const groups = new Help().groupItems(all, shown, groupOf);
  const common = groups.get(commonHeading);
  if (common === undefined) return groups;
  groups.delete(commonHeading);
  return groups.set(commonHeading, common);
};

function exitCodesText(): string {
  const rows = Object.entries(exitMeanings) as [ExitName, string][];
  return ['', 'Exit codes:', ...rows.map(([name, meaning]) => `  ${exitCodes[name]}  ${meaning}`), ''].join('\n');
}
