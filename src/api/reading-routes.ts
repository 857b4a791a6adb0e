import { createHash, timingSafeEqual } from 'node:crypto';
import express, { Router, type RequestHandler } from 'express';
import type { Reading } from '../core/reading.js';
import { answer, readBody, readParameters } from './answer.js';
import type { ApiDependencies } from './api-dependencies.js';
import { calendarBody, markBody } from './bodies.js';
import { HttpProblem, only, onlyGet } from './problem.js';
import {
  calendarSchema,
  markListSchema,
  noQuery,
  pushOutcomeSchema,
  pushSchema,
} from './schemas.js';
import { seriesOf } from './series-of.js';

const mostBytes = 10_000_000;

/** Readings to send, what is doubtful among the stored ones, and what was added to the calendar: mounted at `/api/v1`. */
export function readingRoutes({
  store,
  push,
  pushToken,
}: Pick<ApiDependencies, 'store' | 'push' | 'pushToken'>): Router {
  const router = Router();

  router
    .route('/series/:seriesId/readings')
    .post(
      requireToken(pushToken),
      requireJson,
      express.json({ limit: mostBytes }),
      async (request, response) => {
        const series = await seriesOf(store, request.params);
        const { stage, load, temperature, extras } = readBody(pushSchema, request.body);
        const outcome = await push(series, {
          stage,
          load: load.map(({ mw, ...interval }) => readingOf(interval, mw)),
          temperature: temperature.map(({ celsius, ...interval }) => readingOf(interval, celsius)),
          extras: Object.entries(extras).map(([name, values]) => ({
            name,
            readings: values.map(({ value, ...interval }) => readingOf(interval, value)),
          })),
        });
        answer(response, pushOutcomeSchema, outcome, 'no-store');
      },
    )
    .all(only('POST'));

  router
    .route('/series/:seriesId/marks')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const items = (await store.listLoadMarks(id)).map(markBody);
      answer(response, markListSchema, { items }, 'no-store');
    })
    .all(onlyGet);

  router
    .route('/series/:seriesId/calendar')
    .get(async (request, response) => {
      readParameters(noQuery, request.query, 'query');
      const { id } = await seriesOf(store, request.params);
      const items = (await store.readCalendarEntries(id)).map(calendarBody);
      answer(response, calendarSchema, { items }, 'no-store');
    })
    .all(onlyGet);

  return router;
}

function readingOf(interval: { readonly start: number; readonly minutes: number }, value: number) {
  return { startMs: interval.start, minutes: interval.minutes, value } satisfies Reading;
}

/** A bearer token (RFC 6750), compared in constant time. */
function requireToken(token: string | null): RequestHandler {
  return (request, response, next) => {
    if (token === null)
      throw new HttpProblem(
        403,
        'PUSH_DISABLED',
        'Readings are taken once LOADCAST_PUSH_TOKEN is set where the service runs.',
      );
    const given = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), digest(token))) {
      response.set('WWW-Authenticate', 'Bearer');
      throw new HttpProblem(
        401,
        'UNAUTHORISED',
        'Send the token of LOADCAST_PUSH_TOKEN as "Authorization: Bearer …".',
      );
    }
    next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const requireJson: RequestHandler = (request, _, next) => {
  if (request.is('application/json') === false)
    throw new HttpProblem(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Send JSON, with "Content-Type: application/json".',
    );
  next();
};
