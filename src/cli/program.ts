import { Command } from 'commander';
import { registerBacktest } from './backtest.js';
import { registerCalendar } from './calendar.js';
import { registerEvaluate } from './evaluate.js';
import { registerExplain } from './explain.js';
import { registerForecast } from './forecast.js';
import { registerOutlook } from './outlook.js';
import { registerImport } from './import.js';
import { registerInit } from './init.js';
import { registerIngest } from './ingest.js';
import { registerPoints } from './points.js';
import { registerQuality } from './quality.js';
import { registerReport } from './report.js';
import { registerServe } from './serve.js';
import { registerStart } from './start.js';
import { registerTrain } from './train.js';
import { registerDoctor } from './doctor.js';
import { exitCodeHelp } from './exit-codes.js';
import { registerJobs } from './jobs.js';
import { registerModels } from './models.js';
import { version } from './version.js';

/** The command line: one file a command, each registers itself. Errors are thrown, never an exit of the process. */
export function createProgram(): Command {
  const program = new Command('loadcast')
    .description('Honest 72-hour electricity load forecasts, every day, from your own data.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('(--help lists the commands and options)')
    .exitOverride();
  registerStart(program);
  registerInit(program);
  registerImport(program);
  registerIngest(program);
  registerPoints(program);
  registerQuality(program);
  registerTrain(program);
  registerForecast(program);
  registerOutlook(program);
  registerExplain(program);
  registerReport(program);
  registerEvaluate(program);
  registerServe(program);
  registerBacktest(program);
  registerCalendar(program);
  registerModels(program);
  registerJobs(program);
  registerDoctor(program);
  return program;
}
