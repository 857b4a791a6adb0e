// Runs a short back-test from the command line and holds its output to the contract that other programs rely on.
// Prints "ok NAME" or "not ok NAME: why" for each check.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const scratch = process.argv[2] ?? '.';
const file = join(process.env.LOADCAST_DATA || '../shared/data', 'vic_elec_hourly.csv.gz');
if (!existsSync(file)) {
  process.stdout.write(`skipped: ${file} is not there (LOADCAST_DATA names its folder)\n`);
  process.exit(0);
}

const out = join(scratch, 'forecasts.csv.gz');
const summaryFile = join(scratch, 'summary.json');
const levels = ['0.05', '0.1', '0.25', '0.5', '0.75', '0.9', '0.95'];
let anyFailed = false;

const days = ['--from', '2014-04-04', '--to', '2014-04-10'];
const columns = [
  '--time-column',
  'timestamp',
  '--load-column',
  'load_mw',
  '--temperature-column',
  'temperature_c',
];
const options = [
  '--zone',
  'Australia/Melbourne',
  '--holidays',
  'AU-VIC',
  '--members',
  'naive,prophet',
];
const args = ['--file', file, ...columns, ...options, ...days, '--refits', '1', '--seed', '1'];

check('the command ends with code 0', () => {
  const { status, stderr } = spawnSync(
    'npm',
    ['run', '--silent', 'loadcast', '--', 'backtest', ...args, '--out', out, '--json', summaryFile],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`code ${status}: ${stderr.slice(-2000)}`);
});
// The days hold one clock change; the last 72 h must lie in the window, so 5 of 7 midnights are origins.
const rows = [];
check('one row per hour of each origin, with the columns of the contract', () => {
  const [header, ...lines] = gunzipSync(readFileSync(out)).toString().trim().split('\n');
  const names = header.split(',');
  const quantiles = levels.map((level) => `q${level}`).join(',');
  const members = 'member_naive_mw,weight_naive,member_prophet_mw,weight_prophet';
  const expected =
    `issued_at,valid_at,lead_hours,forecast_mw,${quantiles},${members},quality`.split(',');
  const missing = expected.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`without ${missing.join(', ')}: ${header}`);
  for (const line of lines) {
    const cells = line.split(',');
    rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i]])));
  }
  if (rows.length !== 5 * 72) throw new Error(`${rows.length} rows instead of ${5 * 72}`);
});
check('stamps are UTC without fractions, leads count elapsed hours', () => {
  for (const { issued_at, valid_at, lead_hours } of rows) {
    const stamp = /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/;
    const hours = (Date.parse(valid_at) - Date.parse(issued_at)) / 3_600_000;
    if (!stamp.test(issued_at) || !stamp.test(valid_at) || Number(lead_hours) !== hours)
      throw new Error(`${issued_at} ${valid_at} ${lead_hours}`);
  }
});
check('quantiles are ordered, weights sum to 1', () => {
  for (const row of rows) {
    const quantiles = levels.map((level) => Number(row[`q${level}`]));
    const ordered = quantiles.every((value, i) => i === 0 || value >= quantiles[i - 1]);
    const weight = Number(row.weight_naive) + Number(row.weight_prophet);
    if (!ordered || !Number.isFinite(Number(row.forecast_mw)) || Math.abs(weight - 1) > 1e-6)
      throw new Error(JSON.stringify(row));
  }
});
check('the summary has the figures of the contract', () => {
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  const figures = [
    'n',
    'mape',
    'mae',
    'rmse',
    'bias',
    'r2',
    'nmae',
    'pinballPct',
    'coverage1090',
    'widthPct',
  ];
  const missing = [
    ...['origins', 'blend', 'members', 'trend', 'seconds', 'peakMemoryMb'].filter(
      (key) => !(key in summary),
    ),
    ...['all', 'day1', 'day2', 'day3'].flatMap((lead) =>
      figures
        .filter((key) => !(key in (summary.blend?.[lead] ?? {})))
        .map((key) => `blend.${lead}.${key}`),
    ),
  ];
  if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`);
  if (summary.origins !== 5) throw new Error(`${summary.origins} origins instead of 5`);
});
process.exitCode = anyFailed ? 1 : 0;

function check(name, run) {
  try {
    run();
    process.stdout.write(`ok ${name}\n`);
  } catch (error) {
    anyFailed = true;
    process.stdout.write(`not ok ${name}: ${error.message}\n`);
  }
}
