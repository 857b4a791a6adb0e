import { z } from 'zod';
import { dayKinds, eventKinds } from '../core/calendar-entry.js';
import { largestExtra, longestExtraName, mostExtras } from '../core/extra-input.js';
import { loadKinds } from '../core/load-kind.js';
import { loadStages } from '../core/load-stage.js';
import { faultKinds, treatments } from '../core/load-mark.js';
import { quantileLevels } from '../core/forecast.js';
import { leadDaysOf, longestHorizonHours } from '../core/horizon.js';
import { resolutions } from '../core/native-load.js';

/**
 * Shape of everything the API takes and gives. Responses go out through these schemas, so what is written here is
 * what a client gets: MW, °C, hours, and instants as `YYYY-MM-DDTHH:MM:SSZ`.
 */

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const quality = z.enum(['full', 'degraded', 'fallback']);
/** A figure that may not be computable: NaN leaves as null. */
const figure = z
  .union([z.number(), z.nan()])
  .nullable()
  .transform((value) => (value === null || Number.isNaN(value) ? null : value));

export const seriesIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, {
  error: 'a series id has lower-case letters, digits and "-" only, at most 100',
});
export const forecastIdSchema = z.string().regex(/^[\w.:-]{1,200}$/, {
  error: 'a forecast id has letters, digits and _ . : - only, at most 200',
});

export const noQuery = z.strictObject({});
/** hourly unless asked otherwise, as the API always answered */
export const resolutionQuery = z.strictObject({
  resolution: z.enum(resolutions).default('hourly'),
});
export const limitQuery = z.strictObject({
  limit: z
    .string({ error: 'give it once' })
    .regex(/^(?:[1-9]\d?|100)$/, { error: 'a whole number from 1 to 100' })
    .transform(Number)
    .default(10),
});

export const seriesSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** IANA zone of the local calendar */
  zone: z.string(),
  holidayRegion: z.string().nullable(),
  /** unit of every load the API gives */
  unit: z.literal('MW'),
  /** of generation behind the meters; null = not said */
  loadKind: z.enum(loadKinds).nullable(),
  /** unit of the source it was imported from */
  sourceUnit: z.string(),
  resolutionMinutes: z.number(),
  kind: z.enum(['live', 'replay']),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  reportingDelayHours: z.number(),
  createdAt: instant,
});

export const seriesListSchema = z.object({ items: z.array(seriesSchema) });

const quantileKeys = quantileLevels.map(String);

const forecastValueSchema = z.object({
  /** start of the interval */
  validAt: instant,
  /** elapsed hours from the issue time, from 0 on */
  leadHours: z.number(),
  forecastMw: z.number(),
  /** what known events such as outages change, part of forecast and quantiles but of no member; left out where nothing */
  eventMw: z.number().optional(),
  quantilesMw: z.record(z.enum(quantileKeys), z.number()),
  /** each member's own value; null where it was left out */
  membersMw: z.record(z.string(), z.number().nullable()),
  temperatureC: z.number().nullable(),
  quality,
});

export const forecastSchema = z.object({
  id: z.string(),
  seriesId: z.string(),
  issuedAt: instant,
  /** when the program computed it; later than the issue time in a replay */
  createdAt: instant,
  kind: z.enum(['issued', 'replay']),
  quality,
  /** what is missing or substituted and what to do; null when quality is full */
  reason: z.string().nullable(),
  /** end of the last load hour that was known */
  dataCutoff: instant,
  temperatureSource: z.enum(['actual', 'model', 'file', 'open-meteo', 'climatology', 'none']),
  members: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      weightsByLeadDay: z.array(z.number()).max(leadDaysOf(longestHorizonHours).length),
      leftOut: z.string().nullable(),
    }),
  ),
  /** length of the intervals of the values */
  resolutionMinutes: z.number(),
  values: z
    .array(forecastValueSchema)
    .min(1)
    .max(4 * longestHorizonHours),
});

const band = z.object({ '0.1': z.number(), '0.5': z.number(), '0.9': z.number() });

export const outlookSchema = z.object({
  forecastId: z.string(),
  issuedAt: instant,
  /** local days that lie wholly inside the forecast */
  days: z.array(
    z.object({
      date: z.iso.date(),
      startsAt: instant,
      peakMw: band,
      /** hours that may be the peak, the likeliest first */
      peakHours: z.array(z.object({ startsAt: instant, probability: z.number() })),
      energyMwh: band,
      /** largest rise and fall over three hours that end on the day */
      rampUpMw: band,
      rampDownMw: band,
      /** that the day holds the highest load of its calendar month, as far as the forecast reaches; null = unknown */
      monthPeakProbability: z.number().nullable(),
    }),
  ),
});

export const pathsSchema = z.object({
  forecastId: z.string(),
  issuedAt: instant,
  /** starts of the hours */
  validAt: z.array(instant),
  /** equally likely courses of the load, one row a path */
  pathsMw: z.array(z.array(z.number())),
});

const accuracySchema = z.object({
  n: z.number(),
  nonPositive: z.number(),
  mape: figure,
  mae: figure,
  rmse: figure,
  bias: figure,
  r2: figure,
  nmae: figure,
  pinballPct: figure,
  coverage1090: figure,
  widthPct: figure,
});

const trendSchema = z.object({
  directionPct: figure,
  directionN: z.number(),
  shapeCorrelation: figure,
  peakHourExactPct: figure,
  peakHourWithin1Pct: figure,
  peakSizeErrorPct: figure,
  peakSizeBiasPct: figure,
  days: z.number(),
});

const faultSchema = z.object({
  fault: z.string(),
  endedHoursBefore: z.number(),
  forecasts: z.number(),
  errorRatio: figure,
  gain: figure,
  degradedPct: figure,
  fallbackPct: figure,
  nonFinite: z.number(),
});

const accuracyByLead = byLead(accuracySchema);

export const evaluationSchema = z.object({
  id: z.string(),
  seriesId: z.string(),
  createdAt: instant,
  kind: z.enum(['issued', 'replay']),
  firstIssuedAt: instant,
  lastIssuedAt: instant,
  forecasts: z.number(),
  blend: accuracyByLead,
  members: z.record(z.string(), accuracyByLead),
  groups: z.record(z.string(), z.object({ blend: accuracyByLead, naive: accuracyByLead })),
  trend: z.object({ byLead: byLead(z.object({ forecast: trendSchema, naive: trendSchema })) }),
  anomaly: z
    .object({
      days: z.number(),
      faults: z.array(faultSchema),
      detectionRecallPct: figure,
      falseAlarmsPerDay: figure,
      passed: z.boolean(),
    })
    .nullable(),
});

export const evaluationListSchema = z.object({ items: z.array(evaluationSchema) });

/** What a running training or other job said last; figures that it has not told are left out. */
const jobProgressSchema = z.object({
  phase: z.string(),
  member: z.string().optional(),
  /** training steps done, and of how many at most */
  step: z.number().optional(),
  steps: z.number().optional(),
  loss: figure.optional(),
  validationLoss: figure.optional(),
  learningRate: figure.optional(),
  /** before clipping */
  gradientNorm: figure.optional(),
  secondsLeft: figure.optional(),
  /** what happened last: resumed, started again at half the rate, rate cut */
  note: z.string().optional(),
});

export const jobListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      job: z.string(),
      seriesId: z.string().nullable(),
      state: z.enum(['running', 'succeeded', 'failed', 'abandoned']),
      startedAt: instant,
      finishedAt: instant.nullable(),
      error: z.string().nullable(),
      /** null unless it runs in this process and has said something */
      progress: jobProgressSchema.nullable(),
    }),
  ),
});

/** Start of an interval, with its offset from UTC, and its length; some minutes that divide the hour. */
const pushedInterval = {
  start: z.iso
    .datetime({ offset: true, error: 'write an instant with Z or an offset: 2024-01-01T00:00:00Z' })
    .transform((text) => Date.parse(text))
    .refine((instantMs) => instantMs % 60_000 === 0, { error: 'must be a whole minute' }),
  minutes: z
    .int()
    .min(1)
    .max(60)
    .refine((minutes) => 60 % minutes === 0, { error: 'must divide 60' })
    .default(60),
};
const mostPushed = 50_000;
/** mean power of the interval */
const pushedLoad = z.strictObject({ ...pushedInterval, mw: z.number().min(-1e7).max(1e7) });
const pushedTemperature = z.strictObject({
  ...pushedInterval,
  celsius: z.number().min(-90).max(65),
});

/** of an extra input, in a unit of its own */
const pushedExtra = z.strictObject({
  ...pushedInterval,
  value: z.number().min(-largestExtra).max(largestExtra),
});
const extraName = new RegExp(`^[\\p{L}\\p{N}_]{1,${longestExtraName}}$`, 'u');

export const pushSchema = z
  .strictObject({
    /** of the loads */
    stage: z.enum(loadStages).default('operational'),
    load: z.array(pushedLoad).max(mostPushed).default([]),
    temperature: z.array(pushedTemperature).max(mostPushed).default([]),
    /** by name */
    extras: z
      .record(z.string(), z.array(pushedExtra).max(mostPushed))
      .refine((extras) => Object.keys(extras).every((name) => extraName.test(name)), {
        error: `names inputs otherwise than with up to ${longestExtraName} letters, digits and _`,
      })
      .refine((extras) => Object.keys(extras).length <= mostExtras, {
        error: `names more than ${mostExtras} extra inputs`,
      })
      .default({}),
  })
  .refine(
    ({ load, temperature, extras }) =>
      [load, temperature, ...Object.values(extras)].some((values) => values.length > 0),
    { error: 'needs at least one value under "load", "temperature" or "extras"' },
  );

export const markListSchema = z.object({
  items: z.array(
    z.object({
      id: z.number(),
      start: instant,
      end: instant,
      kind: z.enum([...faultKinds, 'person']),
      treatment: z.enum(treatments),
      reason: z.string(),
      madeBy: z.enum(['inspection', 'person']),
      madeAt: instant,
      /** each hour that it took away, as measured, and what stands in for it */
      values: z.array(
        z.object({ start: instant, loadMw: z.number(), substituteMw: z.number().nullable() }),
      ),
    }),
  ),
});

const entryFields = { name: z.string(), start: instant, end: instant };
export const calendarSchema = z.object({
  items: z.array(
    z
      .discriminatedUnion('kind', [
        z.object({
          kind: z.enum(dayKinds),
          ...entryFields,
          /** null = the whole load area */
          region: z.string().nullable(),
          /** of the area, or of the load that a shutdown takes; 0–1 */
          share: z.number(),
        }),
        z.object({
          kind: z.enum(eventKinds),
          ...entryFields,
          /** change of the load, MW; null = nobody knows */
          effectMw: z.number().nullable(),
          /** past loads are left out instead of corrected */
          masked: z.boolean(),
        }),
      ])
      .and(
        z.object({
          id: z.number(),
          /** file or command it came from */
          source: z.string(),
          author: z.string(),
          reason: z.string().nullable(),
          createdAt: instant,
        }),
      ),
  ),
});

const writeCounts = z.object({ added: z.number(), unchanged: z.number(), revised: z.number() });
export const pushOutcomeSchema = z.object({
  load: writeCounts,
  temperature: writeCounts,
  extras: writeCounts,
});

export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string().nullable(),
  /** the service's clock, to judge the age of what it issued */
  time: instant,
});
export const readinessSchema = z.object({
  status: z.literal('ready'),
  /** what the program is doing, such as "models in training" */
  activity: z.string().nullable(),
});

/** RFC 9457 */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  /** path of the request */
  instance: z.string(),
  /** stable; clients decide on it */
  code: z.string(),
});

/** The same shape for all hours and for each lead day; days 4 to 7 where forecasts reach so far. */
function byLead<Shape extends z.ZodType>(shape: Shape) {
  return z.object({
    all: shape,
    day1: shape,
    day2: shape,
    day3: shape,
    day4: shape.optional(),
    day5: shape.optional(),
    day6: shape.optional(),
    day7: shape.optional(),
  });
}
