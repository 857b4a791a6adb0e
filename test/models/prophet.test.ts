import { describe, expect, it } from 'vitest';
import { endMs } from '../../src/core/hourly.js';
import { hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { fitProphet, prophetRows } from '../../src/models/prophet/augurs.js';
import { evaluate, fitCoefficients } from '../../src/models/prophet/fit-coefficients.js';
import { solveMap } from '../../src/models/prophet/map-solver.js';
import { parseStanData } from '../../src/models/prophet/stan-data.js';
import {
  buildTerms,
  dayTypeOfRows,
  dayTypes,
  seasonalitiesOf,
} from '../../src/models/prophet/terms.js';
import { victoriaHistory } from '../features/victoria.js';

const whole = victoriaHistory();
const fitHours = 24 * 120;
describe('our own prediction', () => {
  it("equals augurs' yhat", () => {
    const until = endMs(victoriaHistory(fitHours).load);
    const table = buildFeatureTable({
      history: whole,
      issuedAtMs: until,
      endMs: until + 72 * hourMs,
    });
    const recipe = {
      yearlyOrder: 2,
      knots: [0, 1],
      smoothedKnots: [0, 1],
      holidayNames: ['Anzac Day'],
    };
    const rowsOf = (from: number, to: number) => ({
      localMs: table.calendar.localMs.slice(from, to),
      dayTypes: dayTypeOfRows(table, from, to),
      dayTypeNames: dayTypes,
      terms: buildTerms(table, from, to, recipe),
    });
    // 6 April has a doubled hour, which the member leaves out: start after it.
    const start = 24 * 97;
    const input = {
      ...rowsOf(start, table.originIndex),
      y: table.loadMw.slice(start, table.originIndex).map((load) => Math.log(load / 4700)),
      seasonalities: seasonalitiesOf(recipe),
      changepoints: 5,
      changepointPriorScale: 0.05,
    };
    const { coefficients } = fitCoefficients(input);
    const prophet = fitProphet(input, {
      optimize: (_init, json) => {
        const { k, m, delta, beta, sigmaObs } = solveMap(parseStanData(json));
        const logs = { debug: '', info: '', warn: '', error: '', fatal: '' };
        return { logs, params: { k, m, delta, beta, sigmaObs, trend: new Float64Array(0) } };
      },
    });
    const ahead = rowsOf(table.originIndex, table.length);
    const theirs = prophet.predict(prophetRows(ahead)).yhat.point;
    prophet.free();
    const ours = evaluate(coefficients, ahead.localMs, ahead.terms);
    for (const [i, value] of ours.entries())
      expect(Math.abs(Math.exp(value - (theirs[i] ?? Number.NaN)) - 1)).toBeLessThan(1e-6);
  });
});
