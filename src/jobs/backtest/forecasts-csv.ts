import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { quantileLevels, type Forecast } from '../../core/forecast.js';
import { isoUtc } from '../../core/time.js';
import { intervalsOf } from '../../core/within-hours.js';

export interface ForecastWriter {
  write(forecast: Forecast): Promise<void>;
  /** resolves when every byte is in the file */
  end(): Promise<void>;
}

/**
 * Writes forecasts as CSV, one row for each interval, gzipped where the name ends in `.gz`: the columns of PROTOCOL
 * section 5. A member that was left out has a blank value and weight 0.
 * @throws {LoadcastError} UNREADABLE_FILE at once if the file cannot be opened, or later if the disk fails
 */
export async function createForecastWriter(
  path: string,
  members: readonly string[],
): Promise<ForecastWriter> {
  const unwritable = (error: unknown): never => {
    throw new LoadcastError('UNREADABLE_FILE', `${path} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  };
  const file = await open(path, 'w').catch(unwritable);
  const sink = path.endsWith('.gz') ? createGzip({ level: 6 }) : new PassThrough();
  const done = pipeline(sink, file.createWriteStream()).catch(unwritable);
  // A failing disk is reported by `write` or `end`, whichever comes first.
  done.catch(() => undefined);
  sink.write(`${header(members)}\n`);
  return {
    async write(forecast) {
      if (!sink.write(forecastRows(forecast, members)))
        await Promise.race([once(sink, 'drain'), done]);
    },
    async end() {
      sink.end();
      await done;
    },
  };
}

function header(members: readonly string[]): string {
  return [
    'issued_at',
    'valid_at',
    'lead_hours',
    'forecast_mw',
    ...quantileLevels.map((level) => `q${level}`),
    ...members.flatMap((name) => [`member_${name}_mw`, `weight_${name}`]),
    'quality',
  ].join(',');
}

function forecastRows(forecast: Forecast, members: readonly string[]): string {
  const issuedAt = isoUtc(forecast.issuedAtMs);
  return intervalsOf(forecast)
    .map((value) => {
      const cells = [
        issuedAt,
        isoUtc(value.startMs),
        String(Number(value.leadHours.toFixed(6))),
        megawatts(value.pointMw),
        ...value.quantilesMw.map(megawatts),
        ...members.flatMap((name) => [
          megawatts(value.memberMw[name] ?? null),
          String(Number((value.memberWeight[name] ?? 0).toFixed(9))),
        ]),
        value.quality,
      ];
      return `${cells.join(',')}\n`;
    })
    .join('');
}

function megawatts(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : String(Number(value.toPrecision(9)));
}
