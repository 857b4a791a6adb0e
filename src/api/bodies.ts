import type { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import type { Evaluation } from '../core/evaluation.js';
import { quantileLevels, type Forecast } from '../core/forecast.js';
import type { LoadMark } from '../core/load-mark.js';
import type { TaskProgress } from '../core/task-progress.js';
import type { Band, DayPaths } from '../core/outlook.js';
import { pathsFromRanks } from '../core/paths.js';
import type { Resolution } from '../core/native-load.js';
import { isoUtc } from '../core/time.js';
import { intervalsOf } from '../core/within-hours.js';
import type { CalendarRecord, JobRun, Series } from '../store/store.js';
import type {
  calendarSchema,
  evaluationSchema,
  forecastSchema,
  jobListSchema,
  markListSchema,
  outlookSchema,
  pathsSchema,
  seriesSchema,
} from './schemas.js';

/** Stored results as the API gives them: instants as ISO text, quantiles by level. */

export function seriesBody(series: Series): z.input<typeof seriesSchema> {
  const { place, createdAtMs, ...rest } = series;
  return {
    ...rest,
    zone: place.zone,
    holidayRegion: place.holidayRegion,
    unit: 'MW',
    createdAt: isoUtc(createdAtMs),
  };
}

/** @param resolution native: in half or quarter hours, where the forecast is of such */
export function forecastBody(
  forecast: Forecast,
  resolution: Resolution = 'hourly',
): z.input<typeof forecastSchema> {
  const isNative = resolution === 'native';
  return {
    id: forecast.id,
    seriesId: forecast.seriesId,
    issuedAt: isoUtc(forecast.issuedAtMs),
    createdAt: isoUtc(forecast.createdAtMs),
    kind: forecast.kind,
    quality: forecast.quality,
    reason: forecast.reason,
    dataCutoff: isoUtc(forecast.dataCutoffMs),
    temperatureSource: forecast.temperatureSource,
    members: forecast.members.map((member) => ({
      ...member,
      weightsByLeadDay: [...member.weightsByLeadDay],
    })),
    resolutionMinutes: isNative ? (forecast.withinHours?.minutes ?? 60) : 60,
    values: (isNative ? intervalsOf(forecast) : forecast.values).map((value) => ({
      validAt: isoUtc(value.startMs),
      leadHours: value.leadHours,
      forecastMw: value.pointMw,
      ...(value.eventMw === undefined ? {} : { eventMw: value.eventMw }),
      quantilesMw: quantilesByLevel(value.quantilesMw),
      membersMw: value.memberMw,
      temperatureC: value.temperatureC,
      quality: value.quality,
    })),
  };
}

export function outlookBody(
  forecast: Forecast,
  days: readonly DayPaths[],
): z.input<typeof outlookSchema> {
  return {
    forecastId: forecast.id,
    issuedAt: isoUtc(forecast.issuedAtMs),
    days: days.map((day) => ({
      date: day.date,
      startsAt: isoUtc(day.startMs),
      peakMw: bandBody(day.peakMw),
      peakHours: day.peakHours.map(({ startMs, probability }) => ({
        startsAt: isoUtc(startMs),
        probability,
      })),
      energyMwh: bandBody(day.energyMwh),
      rampUpMw: bandBody(day.rampUpMw),
      rampDownMw: bandBody(day.rampDownMw),
      monthPeakProbability: day.monthPeakProbability,
    })),
  };
}

function bandBody([low, middle, high]: Band): { '0.1': number; '0.5': number; '0.9': number } {
  return { '0.1': low, '0.5': middle, '0.9': high };
}

/** @throws {LoadcastError} NOT_FOUND for a forecast of before there were paths */
export function pathsBody(forecast: Forecast): z.input<typeof pathsSchema> {
  if (!forecast.pathRanks)
    throw new LoadcastError(
      'NOT_FOUND',
      `Forecast "${forecast.id}" has no paths; newer ones have.`,
    );
  return {
    forecastId: forecast.id,
    issuedAt: isoUtc(forecast.issuedAtMs),
    validAt: forecast.values.map(({ startMs }) => isoUtc(startMs)),
    pathsMw: pathsFromRanks(forecast.values, forecast.pathRanks).map((path) => [...path]),
  };
}

export function evaluationBody(evaluation: Evaluation): z.input<typeof evaluationSchema> {
  const { createdAtMs, firstIssuedAtMs, lastIssuedAtMs, anomaly, ...rest } = evaluation;
  return {
    ...rest,
    createdAt: isoUtc(createdAtMs),
    firstIssuedAt: isoUtc(firstIssuedAtMs),
    lastIssuedAt: isoUtc(lastIssuedAtMs),
    anomaly: anomaly && { ...anomaly, faults: [...anomaly.faults] },
  };
}

export function jobRunBody(
  run: JobRun,
  progress: TaskProgress | null,
): z.input<typeof jobListSchema>['items'][number] {
  const { startedAtMs, finishedAtMs, ...rest } = run;
  return {
    ...rest,
    startedAt: isoUtc(startedAtMs),
    finishedAt: finishedAtMs === null ? null : isoUtc(finishedAtMs),
    progress,
  };
}

export function markBody({
  startMs,
  endMs,
  madeAtMs,
  values,
  ...mark
}: LoadMark): z.input<typeof markListSchema>['items'][number] {
  return {
    ...mark,
    start: isoUtc(startMs),
    end: isoUtc(endMs),
    madeAt: isoUtc(madeAtMs),
    values: values.map((value) => ({ ...value, start: isoUtc(value.startMs) })),
  };
}

export function calendarBody({
  id,
  entry,
  source,
  author,
  reason,
  createdAtMs,
}: CalendarRecord): z.input<typeof calendarSchema>['items'][number] {
  const { startMs, endMs, ...what } = entry;
  return {
    ...what,
    start: isoUtc(startMs),
    end: isoUtc(endMs),
    id,
    source,
    author,
    reason,
    createdAt: isoUtc(createdAtMs),
  };
}

function quantilesByLevel(quantilesMw: readonly number[]): Record<string, number> {
  return Object.fromEntries(
    quantileLevels.map((level, index) => [String(level), quantilesMw[index] ?? Number.NaN]),
  );
}
